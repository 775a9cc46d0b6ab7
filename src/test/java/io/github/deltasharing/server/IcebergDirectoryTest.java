/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.server.config.ShareConfigReader;
import io.github.deltasharing.testing.S3Store;
import io.github.deltasharing.testing.WrittenIceberg;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.PartitionSpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Iceberg tables whose directory is offered: to Iceberg clients with temporary credentials, to
 * those of the Delta Sharing protocol as if it were not.
 */
@Tag("unit")
class IcebergDirectoryTest {
  private static final String DELEGATION = "X-Iceberg-Access-Delegation";

  private SharingServer server;
  private ServerClient client;
  private String bucket;

  @BeforeEach
  void serve(@TempDir Path directory) throws IOException {
    S3Store store = S3Store.shared();
    bucket = store.newBucket("lake");
    Map<String, String> settings = S3Store.hadoop(store.endpoint(), store.newKey(bucket));
    Configuration hadoop = new Configuration();
    settings.forEach(hadoop::set);
    WrittenIceberg.create(
            "s3a://" + bucket + "/lake/db/t",
            hadoop,
            WrittenIceberg.SCHEMA,
            PartitionSpec.unpartitioned(),
            Map.of("format-version", "2"))
        .append("a.parquet", 0);
    Path config = directory.resolve("share.yaml");
    Files.writeString(
        config,
        """
        port: 0
        icebergCatalog: true
        authorization: {bearerToken: %s}
        storage:
        - prefix: 's3a://%2$s'
          hadoop: {%3$s}
          credentials: {type: static, accessKeyId: vended-id, secretAccessKey: canary-vended, sessionToken: canary-session}
        catalogs: [{name: lake, type: hadoop, warehouse: 's3://%2$s/lake'}]
        shares: [{name: Retail, schemas: [{name: s, tables: [
          {name: t, location: 'iceberg://lake/db/t', historyShared: true, accessModes: [url, dir]},
          {name: signed, location: 'iceberg://lake/db/t', historyShared: true}]}]}]
        """
            .formatted(
                ServerTables.TOKEN,
                bucket,
                settings.entrySet().stream()
                    .map(pair -> pair.getKey() + ": '" + pair.getValue() + "'")
                    .collect(Collectors.joining(", "))));
    server = SharingServer.start(ShareConfigReader.read(config).build());
    client = new ServerClient(server);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private JsonNode load(String table, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:%d/iceberg/v1/Retail/namespaces/s/tables/%s"
                        .formatted(server.uri().getPort(), table)))
            .header("Authorization", "Bearer " + ServerTables.TOKEN);
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return ServerClient.MAPPER.readTree(response.body());
  }

  @Test
  void icebergClientsGetCredentialsWhereTheyAskForThem() throws Exception {
    JsonNode vended = load("t", DELEGATION, "vended-credentials");
    assertThat(vended.at("/config/s3.access-key-id").asText()).isEqualTo("vended-id");
    assertThat(vended.at("/config/s3.session-token").asText()).isEqualTo("canary-session");
    JsonNode entry = vended.path("storage-credentials").path(0);
    assertThat(entry.path("prefix").asText()).isEqualTo("s3a://" + bucket + "/lake/db/t");
    assertThat(entry.at("/config/s3.secret-access-key").asText()).isEqualTo("canary-vended");
    assertThat(load("t").toString()).contains("remote-signing").doesNotContain("canary");
    assertThat(load("signed", DELEGATION, "vended-credentials").toString())
        .contains("remote-signing")
        .doesNotContain("canary");
  }

  /** Who would look for Delta's log in it. */
  @Test
  void clientsOfDeltaSharingSeeNoDirectory() throws IOException {
    String table = "/shares/Retail/schemas/s/tables/t";
    HttpResponse<String> metadata =
        client.get(
            table + "/metadata",
            "delta-sharing-capabilities",
            "responseformat=delta;readerfeatures=columnmapping;accessmodes=url,dir");
    HttpResponse<String> list = client.get("/shares/Retail/all-tables");
    for (HttpResponse<String> response : List.of(metadata, list)) {
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).doesNotContain("dir\"").doesNotContain("s3://");
    }
    HttpResponse<String> credentials = client.post(table + "/temporary-table-credentials", "{}");
    assertThat(credentials.statusCode()).isEqualTo(400);
    assertThat(credentials.body()).contains("it is offered by URL only").doesNotContain("canary");
  }
}
