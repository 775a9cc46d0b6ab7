/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.server.share.SharedTable;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class StorageConfigTest {
  private static ShareConfig parse(String yaml) {
    return ShareConfigReader.parse("authorization: {bearerToken: x}\n" + yaml, Path.of("/conf"))
        .build();
  }

  private static URI location(String location) {
    return parse(
            "shares: [{name: a, schemas: [{name: b, tables: [{name: c, location: '%s'}]}]}]"
                .formatted(location))
        .shares()
        .get(0)
        .schemas()
        .get(0)
        .tables()
        .stream()
        .map(SharedTable::location)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void readsWhatAStoreNeeds() {
    ShareConfig config =
        parse(
            """
            storage:
            - prefix: S3://bucket//dir/
              hadoop:
                fs.s3a.access.key: canary
                fs.s3a.path.style.access: true
                fs.s3a.attempts.maximum: 7
              publicEndpoint: https://store.example.com:9000/
            - prefix: s3a://
            """);
    assertThat(config.storage())
        .containsExactly(
            new StorageConfig(
                "s3a://bucket/dir",
                Map.of(
                    "fs.s3a.access.key", "canary",
                    "fs.s3a.path.style.access", "true",
                    "fs.s3a.attempts.maximum", "7"),
                Optional.of("https://store.example.com:9000/")),
            new StorageConfig("s3a://", Map.of(), Optional.empty()));
    assertThat(config + " " + config.storage()).doesNotContain("canary");
  }

  @ParameterizedTest
  @CsvSource({
    "s3a://bucket/dir/t, s3a://bucket/dir/t",
    "s3://bucket/dir//t/, s3a://bucket/dir/t",
    "S3N://my.bucket-1, s3a://my.bucket-1",
    "s3a://bucket/a b/50%/day=1/é, s3a://bucket/a%20b/50%25/day=1/é",
    "s3a://Bucket/a%20b, s3a://Bucket/a%2520b",
    "abfs://data@account1.dfs.core.windows.net/a b/t/,"
        + " abfss://data@account1.dfs.core.windows.net/a%20b/t",
    "gs://my_bucket-1//t, gs://my_bucket-1/t",
  })
  void locationsHaveOneSpelling(String written, String uri) {
    assertThat(location(written)).isEqualTo(URI.create(uri));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hdfs://host/dir | 'hdfs://…': it must be a path, a file: URI, s3a://bucket/dir, abfss://",
        "s3a:/dir | it must be a location with a scheme, such as s3a://bucket/dir",
        "s3a:///dir | it must be a location with a bucket",
        "s3a://key:canary@bucket/dir | has a credential in it",
        "s3a://buc_ket/dir | names the bucket 'buc_ket'",
        "gs://key:canary@bucket/dir | has a credential in it",
        "s3a://key:canary/canary@bucket/dir | has a credential in it",
        "gs://Bucket/dir | names the bucket 'Bucket': behind gs:// it must be a bucket of small",
        "abfss://data/dir | names the bucket 'data': behind abfss:// it must be a container and an",
        "abfss:///dir | it must be a location with a bucket",
        "s3a://bucket/a/../b | without '.' and '..' steps",
      })
  void refusesOtherLocations(String location, String message) {
    assertThatThrownBy(() -> location(location))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("shares[0].schemas[0].tables[0].location ")
        .hasMessageContaining(message)
        .hasMessageNotContaining("canary");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | storage[0].prefix is missing",
        "{prefix: bucket/dir} | storage[0].prefix is 'bucket/dir': it must be a location with a scheme",
        "{prefix: 'ftp://x'} | storage[0].prefix is 'ftp://…'",
        "{prefix: s3a://b, publicEndpoint: 'https://h/p'} | storage[0].publicEndpoint: ",
        "{prefix: 'gs://b', publicEndpoint: 'https://h/account1'} | storage[0].publicEndpoint: ",
        "{prefix: 'abfss://', publicEndpoint: 'https://h/a/b'} | storage[0].publicEndpoint: ",
        "{prefix: s3a://b, publicEndpoint: 'https://h?q=1'} | storage[0].publicEndpoint: ",
        "{prefix: s3a://b, publicEndpoint: 'https://u:canary@h'} | storage[0].publicEndpoint: ",
        "{prefix: s3a://b, publicEndpoint: 'h:9000'} | storage[0].publicEndpoint must be a URL",
        "{prefix: s3a://b, hadoop: {fs.s3.access.key: canary}} | fs.s3.access.key is not read",
        "{prefix: s3a://b, hadoop: {fs.s3a.secret.key: '${env:canary}'}} | write ${env.NAME}",
        "{prefix: s3a://b, hadoop: {fs.s3a.secret.key: null}} | fs.s3a.secret.key has no value",
        "{prefix: s3a://b, hadoop: [canary]} | storage[0].hadoop: it must be a mapping",
        "{prefix: s3a://b, hadoop: {fs.s3a.secret.key: [canary]}} | storage[0].hadoop",
        "{prefix: s3a://b},{prefix: 's3://b/'} | two entries with the prefix s3a://b",
      })
  void refusesWhatIsWrongAndSaysNoSecret(String entries, String message) {
    assertThatThrownBy(() -> parse("storage: [" + entries + "]"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("canary")
        .satisfies(e -> assertThat(trace(e)).doesNotContain("canary"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{prefix: canary}", "canary", "[canary]", "[{credentials: canary}]"})
  void saysNoSecretWhenItIsNoList(String storage) {
    assertThatThrownBy(() -> parse("storage: " + storage))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("storage")
        .hasMessageNotContaining("canary")
        .satisfies(e -> assertThat(trace(e)).doesNotContain("canary"));
  }

  @Test
  void theLongestPrefixCounts() {
    List<StorageConfig> entries =
        parse(
                """
                storage:
                - prefix: s3a://bucket
                - prefix: s3a://bucket/dir/deep
                - prefix: s3a://bucket/dir
                - prefix: s3a://bucket/a b
                """)
            .storage();
    assertThat(prefix(entries, "s3a://bucket/dir/deep/t")).contains("s3a://bucket/dir/deep");
    assertThat(prefix(entries, "s3a://bucket/dir/deeper")).contains("s3a://bucket/dir");
    assertThat(prefix(entries, "s3a://bucket/dir")).contains("s3a://bucket/dir");
    assertThat(prefix(entries, "s3a://bucket/dirt")).contains("s3a://bucket");
    assertThat(prefix(entries, "s3a://bucket/a%20b/t")).contains("s3a://bucket/a b");
    assertThat(prefix(entries, "s3a://bucket-2/dir")).isEmpty();
    assertThat(prefix(entries, "file:/bucket/dir")).isEmpty();
    assertThat(prefix(parse("storage: [{prefix: 's3a://'}]").storage(), "s3a://any/t"))
        .contains("s3a://");
  }

  private static Optional<String> prefix(List<StorageConfig> entries, String location) {
    return StorageConfig.of(entries, URI.create(location)).map(StorageConfig::prefix);
  }

  private static String trace(Throwable failure) {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    return trace.toString();
  }

  private static ShareConfig published(String root, String data, String prefix) {
    return parse(
        "publicationRoot: '%s'\n%sstorage: [{prefix: '%s'}]\n".formatted(root, data, prefix));
  }

  @Test
  void tablesOfFilesGoToADirectoryOrToS3() {
    String data = "data: store\n";
    assertThat(published("s3://bucket/pub/", data, "s3a://bucket").provider().orElseThrow())
        .satisfies(
            provider -> {
              assertThat(provider.publicationRoot()).contains(URI.create("s3a://bucket/pub"));
              assertThat(provider.stagingRoot()).contains(Path.of("/conf/store/tables"));
            });
    assertThat(published("pub", data, "s3a://").provider().orElseThrow())
        .satisfies(
            provider -> {
              assertThat(provider.publicationRoot()).contains(URI.create("file:///conf/pub"));
              assertThat(provider.stagingRoot()).contains(Path.of("/conf/pub"));
            });
    assertThatThrownBy(() -> published("s3a://bucket/pub", data, "s3a://bucket/other"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("publicationRoot is s3a://bucket/pub")
        .hasMessageContaining("no entry of storage covers");
    assertThatThrownBy(
            () ->
                published("s3a://bucket/pub", "database: {url: jdbc:postgresql://x/y}\n", "s3a://"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("data is missing");
    assertThatThrownBy(() -> published("s3a://bucket", data, "s3a://"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("a directory of a bucket");
    for (String other : List.of("gs://bucket/pub", "abfss://c@a.dfs.core.windows.net/pub")) {
      assertThatThrownBy(() -> published(other, data, other))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("publicationRoot is " + other)
          .hasMessageContaining("s3a://bucket/dir");
    }
  }
}
