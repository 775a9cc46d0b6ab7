/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.client.auth.BearerToken;
import io.github.deltasharing.client.auth.ProfileFields;
import io.github.deltasharing.testing.LogCapture;
import java.lang.reflect.Field;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class ProfileTest {
  private static final String V1 =
      """
      {"shareCredentialsVersion":1,"endpoint":"https://sharing.example/delta-sharing/",
       "bearerToken":"canary","expirationTime":"2021-11-12T00:12:29.0Z"}
      """;

  private static Profile read(String json) {
    return Profile.fromJson("p.share", json);
  }

  private static String token(Profile profile) {
    return ((BearerToken) profile.login().credential()).token();
  }

  /** A version 1 profile with one field replaced by {@code json}, or dropped where that is null. */
  private static String with(String field, String json) {
    StringBuilder out = new StringBuilder("{\"unknown\":{}");
    String[][] fields = {
      {"shareCredentialsVersion", "1"},
      {"endpoint", "\"https://sharing.example/delta-sharing\""},
      {"bearerToken", "\"canary\""},
      {"expirationTime", null}
    };
    for (String[] f : fields) {
      String value = f[0].equals(field) ? json : f[1];
      if (value != null) {
        out.append(",\"").append(f[0]).append("\":").append(value);
      }
    }
    return out + "}";
  }

  @Test
  void readsTheProtocolsExample() {
    Profile profile = read(V1);
    assertThat(profile.endpoint()).isEqualTo(URI.create("https://sharing.example/delta-sharing"));
    assertThat(token(profile)).isEqualTo("canary");
    assertThat(profile.expirationTime()).isEqualTo(Instant.parse("2021-11-12T00:12:29Z"));
    assertThat(profile.origin()).isEqualTo("p.share");
  }

  @Test
  void aHostWithAnUnderscoreIsRead() {
    Profile encrypted = read(with("endpoint", "\"https://my_share.example/api\""));
    assertThat(encrypted.login().host()).isEqualTo("my_share.example");
    assertThat(encrypted.endpoint()).hasToString("https://my_share.example/api");
    assertThatThrownBy(() -> read(with("endpoint", "\"ftp://my_share.example/api\"")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not an http or https URL");
    Profile plain = read(with("endpoint", "\"http://my_share:8080/api/\""));
    assertThat(plain.login().host()).isEqualTo("my_share:8080");
    assertThat(plain.endpoint()).hasToString("http://my_share:8080/api");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"type\":\"bearer_token\",", "\"type\":\"BEARER_TOKEN\",", "\"type\":null,", ""})
  void readsVersionTwoWithABearerToken(String type) {
    Profile profile =
        read(
            "{\"shareCredentialsVersion\":2,"
                + type
                + "\"endpoint\":\"http://h:8080\",\"bearerToken\":\"canary\"}");
    assertThat(token(profile)).isEqualTo("canary");
    assertThat(profile.endpoint()).isEqualTo(URI.create("http://h:8080"));
    assertThat(profile.expirationTime()).isNull();
  }

  @Test
  void printsWithoutItsToken() {
    assertThat(read(V1).toString())
        .contains("p.share")
        .contains("sharing.example")
        .doesNotContain("canary");
  }

  @Test
  void aTooNewVersionAsksForAnUpgrade() {
    assertThatThrownBy(() -> read(with("shareCredentialsVersion", "3")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("p.share has shareCredentialsVersion 3")
        .hasMessageContaining("Upgrade the connector");
  }

  @Test
  void anotherKindOfCredentialIsNamed() {
    assertThatThrownBy(
            () ->
                read(
                    "{\"shareCredentialsVersion\":2,\"type\":\"saml\",\"clientSecret\":\"canary\"}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'saml'")
        .hasMessageNotContaining("canary");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "absent",
      quoteCharacter = '`',
      value = {
        "shareCredentialsVersion | absent | no number 'shareCredentialsVersion'",
        "shareCredentialsVersion | null | no number 'shareCredentialsVersion'",
        "shareCredentialsVersion | \"one\" | no number 'shareCredentialsVersion'",
        "shareCredentialsVersion | 1.5 | no number 'shareCredentialsVersion'",
        "shareCredentialsVersion | 0 | shareCredentialsVersion 0",
        "shareCredentialsVersion | \"3\" | shareCredentialsVersion 3",
        "endpoint | absent | no 'endpoint'",
        "endpoint | null | no 'endpoint'",
        "endpoint | \" \" | no 'endpoint'",
        "endpoint | {} | no 'endpoint'",
        "endpoint | 5 | 'endpoint' is not an http or https URL",
        "endpoint | \"sharing.example/x\" | 'endpoint' is not an http or https URL",
        "endpoint | \"ftp://sharing.example\" | 'endpoint' is not an http or https URL",
        "endpoint | \"https://\" | 'endpoint' is not an http or https URL",
        "endpoint | \"https://a b\" | 'endpoint' is not an http or https URL",
        "endpoint | \"https://h/?a=b\" | 'endpoint' is not an http or https URL",
        "endpoint | \"https://user:canary@h/x\" | 'endpoint' contains a user name or password",
        "endpoint | \"https://canary@h:8080/x\" | 'endpoint' contains a user name or password",
        "endpoint | \"https://user:canary@h_1/x\" | 'endpoint' contains a user name or password",
        "endpoint | \"https://user:canary@/x\" | 'endpoint' contains a user name or password",
        "bearerToken | absent | no 'bearerToken'",
        "bearerToken | null | no 'bearerToken'",
        "bearerToken | \"\" | no 'bearerToken'",
        "bearerToken | [\"canary\"] | no 'bearerToken'",
        "shareCredentialsVersion | \"1.5\" | no number 'shareCredentialsVersion'",
        "shareCredentialsVersion | -1 | no number 'shareCredentialsVersion'",
        "shareCredentialsVersion | true | no number 'shareCredentialsVersion'",
        "shareCredentialsVersion | 1e999999999 | no number 'shareCredentialsVersion'",
        "shareCredentialsVersion | 18446744073709551617 | Upgrade the connector"
      })
  void whatIsMissingOrWrongIsNamed(String field, String json, String reason) {
    assertThatThrownBy(() -> read(with(field, json)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("p.share")
        .hasMessageContaining(reason)
        .hasMessageNotContaining("canary");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "canary", "[\"canary\"]", "{\"bearerToken\":\"canary\"", "null"})
  void whatIsNoJsonObjectIsNotQuoted(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("The profile p.share cannot be used: it is not ")
        .hasMessageNotContaining("canary");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "never",
      value = {
        "2021-11-12T00:12:29.0Z | 2021-11-12T00:12:29Z",
        "2021-11-12T00:12:29.123456Z | 2021-11-12T00:12:29.123456Z",
        "2021-11-12T00:12:29+02:00 | 2021-11-11T22:12:29Z",
        "2021-11-12T00:12:29.5-0330 | 2021-11-12T03:42:29.500Z",
        "2021-11-12T00:12:29+01 | 2021-11-11T23:12:29Z",
        "2021-11-12T00:12Z | 2021-11-12T00:12:00Z",
        "2021-11-12T00:12:29 | 2021-11-12T00:12:29Z",
        "2021-11-12 00:12:29 | 2021-11-12T00:12:29Z",
        "2021-11-12 00:12:29Z | 2021-11-12T00:12:29Z",
        "2021-11-12 00:12:29.5 +0100 | 2021-11-11T23:12:29.500Z",
        "2021-11-12 00:12:29 UTC | 2021-11-12T00:12:29Z",
        "2021-11-12t00:12:29z | 2021-11-12T00:12:29Z",
        "2021-11-12T00:12:29Z[UTC] | 2021-11-12T00:12:29Z",
        "2021-11-12T00:12:29+01:00[Europe/Paris] | 2021-11-11T23:12:29Z",
        "Fri, 12 Nov 2021 00:12:29 GMT | 2021-11-12T00:12:29Z",
        "2099-11-12 | 2099-11-13T00:00:00Z",
        "1652140800000 | 2022-05-10T00:00:00Z",
        "1652140800 | 2022-05-10T00:00:00Z",
        "'' | never"
      })
  void expirationTimesAreReadInEveryFormThatProvidersWrite(String text, Instant expected) {
    assertThat(read(with("expirationTime", "\"" + text + "\"")).expirationTime())
        .isEqualTo(expected);
  }

  @Test
  void comesFromAFile(@TempDir Path dir) throws Exception {
    Path file = Files.writeString(dir.resolve("p.share"), V1);
    assertThat(token(ProfileSource.file(file).load())).isEqualTo("canary");
    Path missing = dir.resolve("none.share");
    assertThatThrownBy(() -> ProfileSource.file(missing).load())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(missing + " does not exist");
    assertThatThrownBy(() -> ProfileSource.file(dir).load())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(dir + " cannot be read");
  }

  @Test
  void comesFromAnEnvironmentVariable() throws Exception {
    String name = "DELTA_SHARING_PROFILE_OF_A_TEST";
    assertThatThrownBy(() -> ProfileSource.environment(name).load())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("environment variable " + name + " is not set");
    environment().put(name, V1);
    try {
      Profile profile = ProfileSource.environment(name).load();
      assertThat(token(profile)).isEqualTo("canary");
      assertThat(profile.origin()).isEqualTo("env:" + name);
    } finally {
      environment().remove(name);
    }
  }

  /** The map behind {@link System#getenv}; the build opens {@code java.util} for Spark anyway. */
  @SuppressWarnings("unchecked")
  private static Map<String, String> environment() throws ReflectiveOperationException {
    Field map = System.getenv().getClass().getDeclaredField("m");
    map.setAccessible(true);
    return (Map<String, String>) map.get(System.getenv());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1652140800000", "1652140800", "1652140800000.0"})
  void anExpirationTimeMayBeANumber(String number) {
    assertThat(read(with("expirationTime", number)).expirationTime())
        .isEqualTo(Instant.parse("2022-05-10T00:00:00Z"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"soon\"",
        "\"12/11/2099\"",
        "{}",
        "[1]",
        "true",
        "5",
        "1e999999999",
        "\"canary\"",
        "\"2099-13-45\"",
        "99999999999999999999999"
      })
  void anExpirationTimeThatNobodyCanReadIsWarnedOfAndTheProfileUsed(String json) {
    try (LogCapture log = LogCapture.of(ProfileFields.class, Level.WARN)) {
      assertThat(read(with("expirationTime", json)).expirationTime()).isNull();
      assertThat(log.lines())
          .singleElement()
          .asString()
          .contains("The profile p.share has an 'expirationTime' that is no time such as")
          .doesNotContain("canary");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "\"1\"", "1.0", "\" 2 \"", "2.00", "\"1.0\""})
  void aVersionMayBeWrittenAsTextOrWithAFraction(String version) {
    assertThat(token(read(with("shareCredentialsVersion", version)))).isEqualTo("canary");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE"})
  void aProfileMayBeInAnyUnicodeWithOrWithoutItsMark(String charset) {
    for (String mark : new String[] {"", "\uFEFF"}) {
      byte[] bytes = (mark + V1).getBytes(Charset.forName(charset));
      assertThat(token(Profile.fromBytes("p.share", bytes))).isEqualTo("canary");
    }
    assertThatThrownBy(() -> Profile.fromBytes("p.share", new byte[0]))
        .hasMessageContaining("it is not a JSON object");
  }

  @Test
  void jsonBeyondTheReadersLimitsIsNamed() {
    assertThatThrownBy(() -> read("{\"a\":".repeat(2000)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("The profile p.share cannot be used: it is JSON beyond a limit")
        .hasMessageContaining("1001");
    assertThatThrownBy(() -> read(with("bearerToken", "9".repeat(5000))))
        .hasMessageContaining("it is JSON beyond a limit");
    assertThatThrownBy(() -> read(V1.replace("\"canary\",", "\"canary\",,")))
        .hasMessageContaining("it is not JSON (line 2)")
        .hasMessageNotContaining("canary");
  }
}
