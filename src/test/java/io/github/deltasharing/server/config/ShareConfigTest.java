/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.server.share.ShareDetails;
import io.github.deltasharing.server.share.SharedShare;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.testing.LogCapture;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The reference server's share.yaml: every key, unknown keys, wrong values. */
@Tag("unit")
class ShareConfigTest {
  private static final Path DIR = Path.of("/conf");

  private static final String ALL =
      """
      version: 1
      host: 0.0.0.0
      port: 8443
      endpoint: /other
      authorization:
        bearerToken: canary
      ssl:
        selfSigned: false
        certificateFile: cert.pem
        certificateKeyFile: /abs/key.pem
        certificatePasswordFile: pw
      preSignedUrlTimeoutSeconds: 1
      temporaryCredentialValiditySeconds: 2
      deltaTableCacheSize: 3
      stalenessAcceptable: true
      evaluatePredicateHints: true
      evaluateJsonPredicateHints: false
      evaluateJsonPredicateHintsV2: false
      requestTimeoutSeconds: 4
      queryTablePageSizeLimit: 5
      queryTablePageTokenTtlMs: 6
      refreshTokenTtlMs: 7
      asyncQueryAfterMs: 8
      asyncQueryTtlMs: 9
      maxAsyncQueries: 10
      fileListCacheBytes: 11
      auditLogBytes: 12
      auditLogFiles: 13
      icebergCatalog: true
      auditLog: audit/all.jsonl
      shares:
      - name: Share.1
        id: share-1
        displayName: The first share
        comment: All of it
        properties: {owner: team, since: 2024}
        schemas:
        - name: one
          tables:
          - name: relative
            location: tables/a
            id: x-1
            historyShared: true
            startVersion: 3
          - name: old
            location: file:///data/a%20b
            cdfEnabled: true
        - name: two
      - name: none
      """;

  @Test
  void readsEveryKey() {
    ShareConfig config = ShareConfigReader.parse(ALL, DIR).build();
    assertThat(config.host()).isEqualTo("0.0.0.0");
    assertThat(config.port()).isEqualTo(8443);
    assertThat(config.endpoint()).isEqualTo("/other");
    assertThat(config.bearerToken()).contains("canary");
    TlsConfig tls = config.tls().orElseThrow();
    assertThat(tls.selfSigned()).isFalse();
    assertThat(tls.certificateFile()).contains(Path.of("/conf/cert.pem"));
    assertThat(tls.certificateKeyFile()).contains(Path.of("/abs/key.pem"));
    assertThat(tls.certificatePasswordFile()).contains(Path.of("/conf/pw"));
    assertThat(config.settings())
        .isEqualTo(
            new ServerSettings(
                1, 2, 3, true, true, false, false, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, true));
    assertThat(config.auditLog()).contains(Path.of("/conf/audit/all.jsonl"));
    assertThat(config.shares()).extracting(SharedShare::name).containsExactly("Share.1", "none");
    assertThat(config.shares().get(0).details())
        .isEqualTo(
            new ShareDetails(
                Optional.of("share-1"),
                Optional.of("The first share"),
                Optional.of("All of it"),
                Map.of("owner", "team", "since", "2024")));
    assertThat(config.shares().get(1).details()).isEqualTo(ShareDetails.NONE);
    assertThat(config.shares().get(0).schemas().get(0).tables())
        .containsExactly(
            new SharedTable(
                "Share.1", "one", "relative", URI.create("file:///conf/tables/a"), "x-1", true, 3),
            new SharedTable(
                "Share.1", "one", "old", URI.create("file:///data/a%20b"), "", true, 0));
    assertThat(config.toString()).doesNotContain("canary");
  }

  @Test
  void defaultsAreTheReferenceServers() {
    ShareConfig config = ShareConfigReader.parse("authorization: {bearerToken: x}", DIR).build();
    assertThat(config.host()).isEqualTo("localhost");
    assertThat(config.port()).isEqualTo(80);
    assertThat(config.endpoint()).isEqualTo("/delta-sharing");
    assertThat(config.tls()).isEmpty();
    assertThat(config.settings())
        .isEqualTo(
            new ServerSettings(
                3600, 3600, 10, false, false, true, true, 30, 10000, 259200000, 3600000, 1000,
                600000, 100, -1, 67108864, 90, false));
    assertThat(config.auditLog()).isEmpty();
  }

  @Test
  void unknownKeysAreFoundByTheirFullName() {
    String yaml =
        """
        authorization: {bearerToken: x, bearertoken2: canary}
        shares: [{name: s, d: 1, schemas: [{name: t, tables: [{name: u, location: v, Id: 1}]}]}]
        x: {y: 1}
        preSignedUrlTimeoutSecond: 5
        """;
    try (LogCapture logs = LogCapture.of(ShareFileMapper.class, Level.WARN)) {
      // They do not stop the server.
      assertThat(ShareConfigReader.parse(yaml, DIR).build()).isNotNull();
      assertThat(logs.lines())
          .hasSize(5)
          .anyMatch(line -> line.contains("'authorization.bearertoken2' is not known"))
          .anyMatch(line -> line.contains("'shares[0].d' is not known"))
          .anyMatch(
              line ->
                  line.contains("'shares[0].schemas[0].tables[0].Id' is not known")
                      && line.contains("Did you mean 'id'?"))
          .anyMatch(line -> line.contains("'x' is not known"))
          .anyMatch(line -> line.contains("Did you mean 'preSignedUrlTimeoutSeconds'?"))
          .noneMatch(line -> line.contains("canary"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "version: 2|version is '2'",
        "port: -1|port is '-1'",
        "port: 65536|port is '65536'",
        "port: '80x'|port is '\"80x\"': it must be a whole number",
        "endpoint: delta|endpoint is 'delta'",
        "endpoint: /a/|endpoint is '/a/'",
        "endpoint: /iceberg|endpoint is '/iceberg'",
        "endpoint: /ui/x|endpoint is '/ui/x'",
        "authorization: [1]|authorization must be a mapping",
        "authorization: {bearerToken: ''}|authorization.bearerToken is empty",
        "ssl: {selfSigned: false}|ssl needs",
        "ssl: {selfSigned: maybe}|ssl.selfSigned",
        "preSignedUrlTimeoutSeconds: 0|preSignedUrlTimeoutSeconds is '0'",
        "deltaTableCacheSize: 0|deltaTableCacheSize is '0'",
        "queryTablePageSizeLimit: 9999999999999999999|queryTablePageSizeLimit",
        "stalenessAcceptable: 1|stalenessAcceptable is '1': it must be true or false",
        "shares: x|shares",
        "shares: [{}]|shares[0].name is missing",
        "shares: [{name: a, displayName: ''}]|displayName of share 'a' has 0 characters",
        "shares: [{name: a, comment: [x]}]|shares[0].comment is",
        "shares: [{name: a, properties: [x]}]|shares[0].properties is",
        "shares: [{name: a, properties: {k: {n: 1}}}]|must be a mapping of keys to texts",
        "maxAsyncQueries: 0|maxAsyncQueries is '0'",
        "asyncQueryTtlMs: -1|asyncQueryTtlMs is '-1'",
        "shares: [{name: a}, {name: A}]|'A' is there twice",
        "shares: [{name: a/b}]|shares[].name is 'a/b'",
        "shares: [{name: a, schemas: [{name: b}, {name: B}]}]|'a/B' is there twice",
        "shares: [{name: a, schemas: [{name: b, tables: [{name:"
            + " t}]}]}]|shares[0].schemas[0].tables[0].location is missing",
        "shares: [{name: a, schemas: [{name: b, tables: [{name: t, location:"
            + " 'hdfs://b/t'}]}]}]|stores of other schemes",
        "shares: [{name: a, schemas: [{name: b, tables: [{name: t, location: /t, startVersion:"
            + " -1}]}]}]|startVersion of a.b.t",
      })
  void refusesWrongValuesByKey(String yaml, String message) {
    String base = yaml.startsWith("authorization") ? "" : "authorization: {bearerToken: canary}\n";
    assertThatThrownBy(() -> ShareConfigReader.parse(base + yaml, DIR).build())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("canary");
  }

  @Test
  void startsOpenOnlyWhenTold(@TempDir Path dir) throws Exception {
    Path file = Files.writeString(dir.resolve("share.yaml"), "port: 0");
    assertThatThrownBy(() -> ShareConfig.read(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("authorization.bearerToken")
        .hasMessageContaining("--allow-anonymous");
    assertThat(ShareConfigReader.read(file).allowAnonymous(true).build().bearerToken()).isEmpty();
  }

  @Test
  void theSigningKeyIsReadAndNeverShown(@TempDir Path dir) throws Exception {
    String key = "canary-0123456789-0123456789-0123";
    String base = "authorization: {bearerToken: x}\n";
    ShareConfig inline = ShareConfigReader.parse(base + "signingKey: " + key, dir).build();
    assertThat(inline.signingKey()).contains(key);
    assertThat(inline.toString()).doesNotContain("canary");
    Files.writeString(dir.resolve("key"), key + "\n");
    Files.write(dir.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
    assertThat(ShareConfigReader.parse(base + "signingKeyFile: key", dir).build().signingKey())
        .contains(key);
    assertThat(ShareConfigReader.parse(base, dir).build().signingKey()).isEmpty();
    for (String wrong :
        List.of(
            "signingKey: canary|signingKey has 6 characters: it must have 32 or more",
            "signingKey: [canary]|signingKey: it must be text",
            "signingKeyFile: none|Cannot read signingKeyFile",
            "signingKeyFile: binary|it is not UTF-8 text",
            "signingKeyFile: key\nsigningKey: " + key + "|exclude each other")) {
      String[] yamlAndMessage = wrong.split("\\|", 2);
      assertThatThrownBy(() -> ShareConfigReader.parse(base + yamlAndMessage[0], dir).build())
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining(yamlAndMessage[1])
          .hasMessageNotContaining("canary");
    }
  }

  /** Each setting is declared once, in {@link ServerSettings}; the page says the same. */
  @Test
  void everySettingIsInTheDocs() throws Exception {
    String page = Files.readString(Path.of("docs/server.md"));
    for (RecordComponent component : ServerSettings.class.getRecordComponents()) {
      Setting setting = component.getAnnotation(Setting.class);
      assertThat(page)
          .contains(
              "| `%s` | %s | %s |"
                  .formatted(component.getName(), setting.defaultValue(), setting.doc()));
    }
  }

  @Test
  void everySettingOfOperationIsInTheDocs() throws Exception {
    String page = Files.readString(Path.of("docs/operations.md"));
    for (Class<?> settings : List.of(RateLimitSettings.class, OperationSettings.class)) {
      String prefix = settings == RateLimitSettings.class ? "rateLimit." : "";
      for (RecordComponent component : settings.getRecordComponents()) {
        Setting setting = component.getAnnotation(Setting.class);
        assertThat(page)
            .contains(
                "| `%s%s` | %s | %s |"
                    .formatted(prefix, component.getName(), setting.defaultValue(), setting.doc()));
      }
    }
  }

  @Test
  void whoMayReadMetricsAndHowManyRequestsAreTaken(@TempDir Path dir) throws Exception {
    Files.writeString(dir.resolve("token"), "canary-of-the-metrics\n");
    ShareConfig config =
        ShareConfigReader.parse(
                """
                authorization: {bearerToken: x}
                rateLimit: {requestsPerSecond: 3, burst: 7, failedSignInsPerMinute: 9}
                metrics: {port: 9464, host: 0.0.0.0, tokenFile: token}
                configPollSeconds: 1
                stopDelaySeconds: 2
                """,
                dir)
            .build();
    assertThat(config.rateLimit()).isEqualTo(new RateLimitSettings(3, 7, 9));
    assertThat(config.operation()).isEqualTo(new OperationSettings(1, 2));
    assertThat(config.metrics())
        .isEqualTo(
            new MetricsConfig(
                "0.0.0.0", OptionalInt.of(9464), Optional.of("canary-of-the-metrics")));
    assertThat(config.metrics() + " " + config).doesNotContain("canary");
    ShareConfig none = ShareConfigReader.parse("authorization: {bearerToken: x}", dir).build();
    assertThat(none.rateLimit()).isEqualTo(new RateLimitSettings(0, 0, 60));
    assertThat(none.operation()).isEqualTo(new OperationSettings(5, 0));
    assertThat(none.metrics()).isEqualTo(MetricsConfig.NONE);
    assertThatThrownBy(() -> ShareConfigReader.parse("metrics: {port: 70000}", dir).build())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("metrics.port is '70000'");
  }

  @Test
  void brokenYamlDoesNotShowItsText() {
    assertThatThrownBy(() -> ShareConfigReader.parse("authorization: {bearerToken: canary", DIR))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("not YAML at line")
        .hasNoCause() // which would quote the line
        .hasMessageNotContaining("canary");
  }

  @Test
  void recordsOfTheFileDoNotShowItsSecrets() {
    String yaml = "authorization: {bearerToken: canary}\nsigningKey: canary-key";
    ShareFile file = ShareFileMapper.bind(ShareFileMapper.parse(yaml), List.of());
    assertThat(file.authorization().bearerToken()).isEqualTo("canary");
    assertThat(file + " " + file.authorization()).doesNotContain("canary");
  }
}
