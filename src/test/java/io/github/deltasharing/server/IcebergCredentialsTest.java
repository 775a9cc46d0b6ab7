/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static io.github.deltasharing.testing.WrittenLog.PROTOCOL;
import static io.github.deltasharing.testing.WrittenLog.SCHEMA;
import static io.github.deltasharing.testing.WrittenLog.metadata;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.auth.AWSStaticCredentialsProvider;
import com.amazonaws.auth.BasicSessionCredentials;
import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.AmazonS3ClientBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.testing.StsMock;
import io.github.deltasharing.testing.UniformTable;
import io.github.deltasharing.testing.WrittenIceberg;
import io.github.deltasharing.testing.WrittenLog;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Credentials that the Iceberg REST catalog gives, by an STS that nobody here wrote, tried on its
 * S3: to an Iceberg table and to a Delta table with Iceberg metadata.
 */
@Tag("unit")
class IcebergCredentialsTest {
  private static final String TABLES = "/iceberg/v1/share/namespaces/s/tables/";

  @TempDir static Path dir;
  private static StsMock aws;
  private static SharingServer server;

  @BeforeAll
  static void start() throws Exception {
    aws = StsMock.start();
    Map<String, String> hadoop =
        Map.of(
            "fs.s3a.endpoint", aws.endpoint(),
            "fs.s3a.endpoint.region", "us-east-1",
            "fs.s3a.path.style.access", "true",
            "fs.s3a.access.key", aws.accessKeyId(),
            "fs.s3a.secret.key", aws.secretAccessKey());
    write(hadoop);
    Path config = dir.resolve("share.yaml");
    Files.writeString(
        config,
        """
        authorization: {bearerToken: canary-token-of-ann}
        port: 0
        endpoint: /s
        icebergCatalog: true
        storage:
        - prefix: s3a://%1$s
          hadoop: {%2$s}
          credentials: {type: sts, roleArn: '%3$s', endpoint: '%4$s', durationSeconds: 1200}
        catalogs: [{name: lake, type: hadoop, warehouse: 's3://%1$s/wh'}]
        shares:
        - name: share
          schemas:
          - name: s
            tables:
            - {name: delta, location: 's3://%1$s/delta', historyShared: true, accessModes: [dir]}
            - {name: lake, location: 'iceberg://lake/db/t', historyShared: true, accessModes: [url, dir]}
        """
            .formatted(
                aws.bucket(),
                hadoop.entrySet().stream()
                    .map(pair -> pair.getKey() + ": '" + pair.getValue() + "'")
                    .collect(Collectors.joining(", ")),
                aws.role(),
                aws.endpoint()));
    server = SharingServer.start(ShareConfig.read(config));
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
    if (aws != null) {
      aws.close();
    }
  }

  private static void write(Map<String, String> hadoop) throws IOException {
    Configuration settings = new Configuration();
    hadoop.forEach(settings::set);
    WrittenIceberg.create(
            "s3a://" + aws.bucket() + "/wh/db/t",
            settings,
            WrittenIceberg.SCHEMA,
            PartitionSpec.unpartitioned(),
            Map.of("format-version", "2"))
        .append("one", 0);
    Path delta = dir.resolve("delta");
    new WrittenLog(delta)
        .commit(
            0,
            PROTOCOL,
            metadata(SCHEMA, Map.of("delta.universalFormat.enabledFormats", "iceberg")));
    new UniformTable(
        delta,
        "s3://" + aws.bucket() + "/delta",
        new Schema(Types.NestedField.optional(1, "id", Types.LongType.get())),
        PartitionSpec.unpartitioned(),
        0);
    URI bucket = URI.create("s3a://" + aws.bucket());
    try (FileSystem store = FileSystem.newInstance(bucket, settings)) {
      store.copyFromLocalFile(
          new org.apache.hadoop.fs.Path(delta.toUri()),
          new org.apache.hadoop.fs.Path(bucket + "/delta"));
    }
  }

  private static JsonNode get(String path, String delegation) throws Exception {
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(server.uri().resolve(path))
                    .header("X-Iceberg-Access-Delegation", delegation)
                    .header("Authorization", "Bearer canary-token-of-ann")
                    .build(),
                BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.body()).doesNotContain(aws.secretAccessKey(), aws.accessKeyId());
    return new ObjectMapper().readTree(response.body());
  }

  @ParameterizedTest
  @CsvSource({"lake, wh/db/t, v2.metadata.json", "delta, delta, 00000-"})
  void aSessionOpensTheTablesDirectoryAlone(String table, String directory, String file)
      throws Exception {
    JsonNode loaded = get(TABLES + table, "vended-credentials,remote-signing");
    JsonNode config = loaded.get("config");
    assertThat(loaded.has("remote-signing-config")).isFalse();
    assertThat(config.has("s3.remote-signing-enabled")).isFalse();
    Instant end = Instant.ofEpochMilli(config.get("s3.session-token-expires-at-ms").asLong());
    assertThat(Duration.between(Instant.now(), end))
        .isCloseTo(Duration.ofSeconds(1200), Duration.ofSeconds(100));
    // ClickHouse finds no file without that slash.
    assertThat(config.get("s3.endpoint").asText()).isEqualTo(aws.endpoint() + "/");
    JsonNode credentials = loaded.get("storage-credentials");
    assertThat(credentials).hasSize(1);
    String prefix = credentials.at("/0/prefix").asText();
    assertThat(prefix.replace("s3a:", "s3:")).isEqualTo("s3://" + aws.bucket() + "/" + directory);
    assertThat(credentials.at("/0/config")).isEqualTo(config);
    String renewed = config.get("client.refresh-credentials-endpoint").asText();
    assertThat(get("/iceberg/" + renewed, "").get("storage-credentials")).isEqualTo(credentials);
    assertThat(loaded.get("metadata-location").asText()).startsWith(prefix + "/metadata/" + file);

    String bucket = "arn:aws:s3:::" + aws.bucket() + "/";
    assertThat(aws.permits("s3:GetObject", bucket + directory + "/metadata/x")).isTrue();
    assertThat(aws.permits("s3:GetObject", bucket + directory + "-2/metadata/x")).isFalse();
    assertThat(aws.permits("s3:GetObject", bucket + "sales/orders/x")).isFalse();
    assertThat(aws.permits("s3:PutObject", bucket + directory + "/metadata/x")).isFalse();
    assertThat(aws.permits("s3:DeleteObject", bucket + directory + "/metadata/x")).isFalse();
    AmazonS3 recipient = s3(config);
    String key = loaded.get("metadata-location").asText().replaceFirst("s3a?://[^/]*/", "");
    assertThat(new ObjectMapper().readTree(recipient.getObjectAsString(aws.bucket(), key)))
        .isEqualTo(loaded.get("metadata"));
    recipient.shutdown();
  }

  private static AmazonS3 s3(JsonNode config) {
    return AmazonS3ClientBuilder.standard()
        .withCredentials(
            new AWSStaticCredentialsProvider(
                new BasicSessionCredentials(
                    config.get("s3.access-key-id").asText(),
                    config.get("s3.secret-access-key").asText(),
                    config.get("s3.session-token").asText())))
        .withEndpointConfiguration(
            new EndpointConfiguration(
                config.get("s3.endpoint").asText(), config.get("s3.region").asText()))
        .withPathStyleAccessEnabled(config.get("s3.path-style-access").asBoolean())
        .build();
  }
}
