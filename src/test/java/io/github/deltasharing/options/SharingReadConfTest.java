/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.github.deltasharing.testing.LogCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class SharingReadConfTest {
  private static SharingReadConf conf(String... namesAndValues) {
    return new SharingReadConf(map(namesAndValues), name -> null);
  }

  private static Map<String, String> map(String... namesAndValues) {
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return map;
  }

  @Test
  void defaultsAreTheDocumentedOnes() {
    SharingReadConf conf = SharingReadConf.defaults();
    for (ConfigOption<?> option : SharingOptions.ALL) {
      assertThat((Object) conf.get(option)).as(option.key()).isEqualTo(option.defaultValue());
    }
    HttpSettings http = conf.http();
    assertThat(http.numRetries()).isEqualTo(3);
    assertThat(http.maxRetryDuration()).isEqualTo(Duration.ofMinutes(10));
    assertThat(http.retrySleep()).isEqualTo(Duration.ofSeconds(1));
    assertThat(http.timeout()).isEqualTo(Duration.ofSeconds(320));
    assertThat(http.proxy().host()).isNull();
    assertThat(http.tls().trustAll()).isFalse();
    assertThat(http.maxConnections()).isEqualTo(64);
    assertThat(http.prefetchMemory()).isEqualTo(64 << 20);
  }

  @Test
  void anOptionBeatsTheSourcesConfBeatsUpstreamsConfBeatsTheDefault() {
    Map<String, String> session = map("spark.delta.sharing.network.numRetries", "1");
    assertThat(new SharingReadConf(Map.of(), session::get).http().numRetries()).isEqualTo(1);
    session.put("spark.datasource.deltaSharing.numRetries", "2");
    assertThat(new SharingReadConf(Map.of(), session::get).http().numRetries()).isEqualTo(2);
    assertThat(new SharingReadConf(map("NUMretries", "4"), session::get).http().numRetries())
        .isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({
    "callerOrg, callerOrg",
    "numRetries, network.numRetries",
    "maxRetryDuration, network.maxRetryDuration",
    "retrySleepInterval, network.retrySleepInterval",
    "timeout, network.timeout",
    "proxyHost, network.proxyHost",
    "proxyPort, network.proxyPort",
    "noProxyHosts, network.noProxyHosts",
    "sslTrustAll, network.sslTrustAll",
    "maxConnections, network.maxConnections",
    "queryPagination.enabled, queryPagination.enabled",
    "maxFilesPerQueryRequest, maxFilesPerQueryRequest"
  })
  void upstreamsConfsAreHonouredUnderTheirNames(String option, String conf) {
    assertThat(SharingOptions.ALL)
        .filteredOn(o -> o.key().equals(option))
        .singleElement()
        .satisfies(
            o -> assertThat(o.sessionConfs()).containsExactly("spark.delta.sharing." + conf));
  }

  @ParameterizedTest
  @CsvSource({
    "500ms, 500",
    "30s, 30000",
    "2m, 120000",
    "2min, 120000",
    "1h, 3600000",
    "1d, 86400000",
    "' 5 S ', 5000",
    "7, 7000"
  })
  void durationsAreReadWithAndWithoutTheirUnit(String text, long millis) {
    assertThat(conf("timeout", text).http().timeout()).isEqualTo(Duration.ofMillis(millis));
  }

  @Test
  void aBareNumberIsInTheOptionsOwnUnit() {
    assertThat(conf("retrySleepInterval", "250").http().retrySleep())
        .isEqualTo(Duration.ofMillis(250));
    assertThat(conf("maxRetryDuration", "250").http().maxRetryDuration())
        .isEqualTo(Duration.ofMillis(250));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "65536, 65536",
    "512k, 524288",
    "' 64 MB ', 67108864",
    "3g, 3221225472",
    "1t, 1099511627776",
    "10b, 10"
  })
  void sizesAreReadWithAndWithoutTheirUnit(String text, long bytes) {
    assertThat(conf("prefetchMemory", text).http().prefetchMemory()).isEqualTo(bytes);
  }

  @Test
  void choicesAndFlagsAreReadInAnyCase() {
    assertThat(conf("responseFormat", " Delta ").get(SharingOptions.RESPONSE_FORMAT))
        .isEqualTo(ResponseFormatOption.DELTA);
    assertThat(conf("sslTrustAll", "TRUE").http().tls().trustAll()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "responseFormat | orc | one of auto, parquet, delta",
        "numRetries | -1 | integer ≥ 0",
        "versionAsOf | -1 | integer ≥ 0",
        "versionAsOf | 1.0 | integer ≥ 0",
        "versionAsOf | latest | integer ≥ 0",
        "versionAsOf | 9223372036854775808 | integer ≥ 0",
        "numRetries | 1.5 | integer ≥ 0",
        "numRetries | '' | integer ≥ 0",
        "numRetries | 99999999999 | integer ≥ 0",
        "maxFilesPerQueryRequest | 0 | integer ≥ 1",
        "sslTrustAll | yes | true or false",
        "maxRetryDuration | -5s | duration such as 500ms, 30s, 2m (a bare number is in ms)",
        "maxRetryDuration | 5 weeks | duration such as 500ms, 30s, 2m (a bare number is in ms)",
        "maxRetryDuration | 999999999999999999d | duration such as 500ms, 30s, 2m (a bare number is in ms)",
        "maxRetryDuration | 200000d | duration such as 500ms, 30s, 2m (a bare number is in ms)",
        "timeout | 0 | duration such as 500ms, 30s, 2m (a bare number is in s), not 0",
        "proxyPort | 0 | integer from 1 to 65535",
        "maxConnections | 0 | integer ≥ 1",
        "prefetchMemory | -1 | size such as 65536, 512k, 64m, 1g",
        "prefetchMemory | 1.5g | size such as 65536, 512k, 64m, 1g",
        "prefetchMemory | 1p | size such as 65536, 512k, 64m, 1g",
        "prefetchMemory | 9999999999g | size such as 65536, 512k, 64m, 1g",
        "proxyPort | 65536 | integer from 1 to 65535"
      })
  void aBadValueNamesTheOptionTheValueAndWhatIsAllowed(String name, String value, String allowed) {
    assertThatThrownBy(() -> conf(name, value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Option '" + name + "' has the value '" + value + "': it must be " + allowed + ".");
  }

  @Test
  void aBadSessionConfIsNamedAsTheUserWroteIt() {
    Map<String, String> session = map("spark.delta.sharing.network.timeout", "soon");
    assertThatThrownBy(() -> new SharingReadConf(Map.of(), session::get))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'spark.delta.sharing.network.timeout' has the value 'soon'");
  }

  @Test
  void timeTravelIsOneVersionOrOneTime() {
    assertThat(conf("VERSIONasOF", "0").get(SharingOptions.VERSION_AS_OF)).isZero();
    assertThat(conf("timestampAsOf", " 2022 ").get(SharingOptions.TIMESTAMP_AS_OF))
        .isEqualTo("2022");
    assertThatThrownBy(() -> conf("timestampasof", "2022", "versionasof", "3"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Options 'versionAsOf' and 'timestampAsOf' exclude each other. Give one of them.");
  }

  @ParameterizedTest
  @CsvSource({"versionAsOf, 3", "versionAsOf, x", "timestampAsOf, 2022"})
  void timeTravelOfAWholeSessionIsRefused(String name, String value) {
    String sessionConf = "spark.datasource.deltaSharing." + name;
    // Spark copies the conf into the options of every read.
    assertThatThrownBy(() -> new SharingReadConf(map(name, value), map(sessionConf, value)::get))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("The session conf '" + sessionConf + "' is refused")
        .hasMessageContaining("option '" + name + "'");
  }

  @Test
  void aProxyNeedsItsPort() {
    assertThatThrownBy(() -> conf("proxyHost", "proxy"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Option 'proxyPort' is missing: proxyHost is set.");
  }

  @ParameterizedTest
  @CsvSource({
    "proxyUser, proxyHost",
    "proxyPassword, proxyUser",
    "sslKeyStoreOnExecutors, sslKeyStore"
  })
  void optionsThatMeanNothingAlone(String option, String missing) {
    assertThatThrownBy(() -> conf(option, "true"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Option '" + missing + "' is missing: " + option + " is set.");
  }

  @ParameterizedTest
  @CsvSource({"numRetry, numRetries", "versions, versionAsOf", "httpProxyHost, proxyHost"})
  void anUnknownOptionWarnsWithTheNearestName(String unknown, String nearest) {
    try (LogCapture log = LogCapture.of(SharingReadConf.class, Level.WARN)) {
      conf(unknown, "x");
      assertThat(log.lines())
          .containsExactly(
              "WARN Option '"
                  + unknown
                  + "' is not known to deltaSharing and is ignored. Did you mean '"
                  + nearest
                  + "'?");
    }
  }

  /** Ignored, it would read the latest version. */
  @ParameterizedTest
  @CsvSource({
    "verionAsOf, versionAsOf",
    "RESPONSEFORMATS, responseFormat",
    "proxy-host, proxyHost",
    "readChangeFed, readChangeFeed",
    "staringVersion, startingVersion"
  })
  void aMisspelledOptionIsRefusedWithTheNameThatIsMeant(String misspelled, String meant) {
    assertThatThrownBy(() -> conf(misspelled, "1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + misspelled + "'")
        .hasMessageContaining("'" + meant + "' that is meant")
        .hasMessageContaining("'refuseMisspelledOptions'");
    try (LogCapture log = LogCapture.of(SharingReadConf.class, Level.WARN)) {
      conf(misspelled, "1", "refuseMisspelledOptions", "false");
      assertThat(log.lines()).singleElement().asString().contains("'" + meant + "'");
    }
  }

  @Test
  void knownOptionsAndSparksOwnDoNotWarn() {
    try (LogCapture log = LogCapture.of(SharingReadConf.class, Level.WARN)) {
      conf("PATH", "p#a.b.c", "paths", "[]", "__paths__", "[]", "readChangeFeed", "false");
      assertThat(log.lines()).isEmpty();
    }
  }

  @Test
  void aCredentialIsOfTheReadOrOfTheSession() {
    InlineCredential ofRead =
        conf("ENDPOINT", "https://x", "bearertoken", " canary ", "scope", " ").credential();
    assertThat(ofRead.fields())
        .containsExactly(entry("endpoint", "https://x"), entry("bearerToken", "canary"));
    assertThat(ofRead.anOption()).isEqualTo("endpoint");
    String prefix = "spark.datasource.deltaSharing.";
    Map<String, String> session =
        map(prefix + "endpoint", "https://x", prefix + "bearerToken", "canary");
    InlineCredential ofSession = new SharingReadConf(Map.of(), session::get).credential();
    assertThat(ofSession).isEqualTo(ofRead).hasSameHashCodeAs(ofRead);
    assertThat(ofSession.anOption()).isEqualTo(prefix + "endpoint");
    assertThat(ofRead.toString() + ofSession).doesNotContain("canary");
    assertThat(conf().credential().isEmpty()).isTrue();
  }

  /** Spark copies the session's confs into the options of a read. */
  @Test
  void aSecretOfTheSessionIsNotSentToThePlaceOfARead() {
    String prefix = "spark.datasource.deltaSharing.";
    Map<String, String> session =
        map(prefix + "endpoint", "https://x", prefix + "bearerToken", "canary");
    for (Map<String, String> read :
        List.of(
            map("endpoint", "https://other", "bearerToken", "canary"),
            map("tokenEndpoint", "https://other"))) {
      assertThatThrownBy(() -> new SharingReadConf(read, session::get))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'bearerToken' is that of the session's confs")
          .hasMessageContaining("has no 'bearerToken', set it to an empty text")
          .hasMessageNotContaining("canary");
    }
    assertThat(
            new SharingReadConf(
                    map("endpoint", "https://other", "bearerToken", "", "password", "mine"),
                    session::get)
                .credential()
                .fields())
        .containsOnlyKeys("endpoint", "password");
    assertThat(
            new SharingReadConf(
                    map("endpoint", "https://other", "bearerToken", "mine"), session::get)
                .credential()
                .fields())
        .containsEntry("bearerToken", "mine");
  }

  /** What a key signs, and a workload's token, are of the same worth. */
  @ParameterizedTest
  @ValueSource(strings = {"privateKeyFile", "clientAssertionFile", "tokenFile"})
  void norAreFilesThatStandForOne(String file) {
    String prefix = "spark.datasource.deltaSharing.";
    Map<String, String> session = map(prefix + "endpoint", "https://x", prefix + file, "/key");
    assertThatThrownBy(
            () -> new SharingReadConf(map("endpoint", "https://other", file, "/key"), session::get))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + file + "' is that of the session's confs");
  }

  @Test
  void twoTypesThatDifferAreRefused() {
    assertThat(conf("type", "basic", "shareCredentialsType", "Basic").credential().fields())
        .containsOnlyKeys("type");
    assertThatThrownBy(() -> conf("type", "basic", "shareCredentialsType", "bearer_token"))
        .hasMessageContaining("'shareCredentialsType' and 'type'");
  }

  @ParameterizedTest
  @CsvSource({"clientSecert, clientSecret", "bearer_token, bearerToken", "endpiont, endpoint"})
  void aMisspelledFieldOfACredentialIsNamedWithoutItsValue(String option, String meant) {
    assertThatThrownBy(() -> conf(option, "canary"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + option + "'")
        .hasMessageContaining("'" + meant + "'")
        .hasMessageNotContaining("canary");
  }

  /** The recipient tells reads with different credentials apart. */
  @Test
  void theCredentialIsNoPartOfTheOptionsValues() {
    assertThat(conf("endpoint", "https://x", "bearerToken", "a")).isEqualTo(conf());
    assertThat(conf("bearerToken", "a").hasCredentialOf(conf("bearerToken", "a"))).isTrue();
    assertThat(conf("bearerToken", "a").hasCredentialOf(conf("bearerToken", "b"))).isFalse();
  }

  @Test
  void eitherNameAsksForChanges() {
    assertThat(conf("READCHANGEFEED", "TRUE").readsChanges()).isTrue();
    assertThat(conf("readChangeData", "true", "readChangeFeed", "false").readsChanges()).isTrue();
    assertThat(conf("readChangeFeed", "False", "readChangeData", "false").readsChanges()).isFalse();
    assertThat(conf().readsChanges()).isFalse();
  }

  @Test
  void aRefusedFeatureThatIsSwitchedOffIsFine() {
    assertThatCode(() -> conf("bearerToken", "False")).doesNotThrowAnyException();
  }

  @Test
  void laterChangesOfTheGivenMapAreNotSeen() {
    Map<String, String> options = map("numRetries", "1");
    SharingReadConf conf = new SharingReadConf(options, name -> null);
    options.put("numRetries", "2");
    assertThat(conf.get(SharingOptions.NUM_RETRIES)).isEqualTo(1);
  }

  @Test
  void optionNamesAreUnlikeEachOtherInAnyCase() {
    List<String> names = new ArrayList<>();
    CredentialOptions.ALL.forEach(o -> names.add(o.key()));
    SharingOptions.ALL.forEach(o -> names.add(o.key()));
    List<String> lower = names.stream().map(n -> n.toLowerCase(Locale.ROOT)).toList();
    assertThat(lower).allMatch(n -> Collections.frequency(lower, n) == 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.example", "A.EXAMPLE", "x.b.example", "x.y.B.example"})
  void hostsInTheListAreDirect(String host) {
    assertThat(conf("noProxyHosts", "a.example , *.b.example").http().proxy().isDirect(host, 443))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"b.example", "xa.example", "xb.example", "a.example.org"})
  void otherHostsAreNot(String host) {
    assertThat(conf("noProxyHosts", "a.example,*.b.example").http().proxy().isDirect(host, 443))
        .isFalse();
    assertThat(SharingReadConf.defaults().http().proxy().isDirect(host, 443)).isFalse();
  }

  @Test
  void settingsOfTheConnectionMakeTheKeyAndOthersDoNot() {
    Object key = conf().http().connectionKey();
    assertThat(conf("numRetries", "9", "callerOrg", "x").http().connectionKey()).isEqualTo(key);
    assertThat(conf("timeout", "9s").http().connectionKey()).isNotEqualTo(key);
    assertThat(conf("sslTrustAll", "true").http().connectionKey()).isNotEqualTo(key);
    assertThat(conf("noProxyHosts", "a").http().connectionKey()).isNotEqualTo(key);
    assertThat(conf("proxyFromEnvironment", "false").http().connectionKey()).isNotEqualTo(key);
    assertThat(conf("sslMinVersion", "TLSv1.3").http().connectionKey()).isNotEqualTo(key);
    assertThat(conf("proxyHost", "a", "proxyPort", "1").http().connectionKey())
        .isNotEqualTo(key)
        .isNotEqualTo(conf("proxyHost", "a", "proxyPort", "2").http().connectionKey());
  }
}
