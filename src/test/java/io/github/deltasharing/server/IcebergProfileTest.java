/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.client.ProfileSource;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.testing.MovableClock;
import io.github.deltasharing.testing.S3Store;
import io.github.deltasharing.testing.WrittenIceberg;
import io.github.deltasharing.testing.WrittenLog;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.PartitionSpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Recipients of the store and the Iceberg REST catalog: profile, grants, audit, limits. */
@Tag("unit")
class IcebergProfileTest {
  @TempDir Path dir;

  private ProviderServer start(String settings) throws IOException {
    return start("bucket", settings);
  }

  private ProviderServer start(String bucket, String settings) throws IOException {
    Path config = dir.resolve("share.yaml");
    new WrittenLog(dir.resolve("tables/orders"))
        .commit(0, WrittenLog.PROTOCOL, WrittenLog.metadata(WrittenLog.SCHEMA));
    Files.writeString(
        config,
        "port: 0\ndata: data\nallowedLocations: [tables, 'iceberg://lake', 'iceberg://cloud']\n"
            + "catalogs: [{name: lake, type: hadoop, warehouse: tables},"
            + " {name: cloud, type: hadoop, warehouse: 's3a://%s/lake'}]\n".formatted(bucket)
            + settings);
    return ProviderServer.of(dir, new MovableClock(), ShareConfig.read(config));
  }

  private static HttpResponse<String> get(URI uri, String token) {
    return ServerClient.send(
        HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + token).build());
  }

  @Test
  void profilesNameTheCatalogAndGrantsOpenIt() throws IOException {
    try (ProviderServer server = start("icebergCatalog: true")) {
      server.share("retail", "sales.orders", "orders");
      JsonNode profile = server.recipient("acme");
      String endpoint = profile.path("icebergEndpoint").asText();
      String token = profile.path("bearerToken").asText();
      assertThat(endpoint)
          .isEqualTo(URI.create(profile.path("endpoint").asText()).resolve("/iceberg").toString());
      // This project's own client passes over it.
      Path file = Files.writeString(dir.resolve("acme.share"), profile.toString());
      assertThat(ProfileSource.file(file).load().endpoint().toString())
          .startsWith(profile.path("endpoint").asText());
      URI config = URI.create(endpoint + "/v1/config?warehouse=retail");
      assertThat(get(config, token).statusCode()).isEqualTo(404);
      server.grant("retail", "acme");
      assertThat(get(config, token).statusCode()).isEqualTo(200);
      URI table = URI.create(endpoint + "/v1/retail/namespaces/sales/tables/orders");
      HttpResponse<String> refused = get(table, token);
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(refused.body()).contains("\"type\":\"BadRequestException\"", "not in S3");
      JsonNode event = server.auditEvents("?operation=icebergLoadTable").get(0);
      assertThat(event.toString()).contains("acme", "orders", "READ");
      server.permission("retail", "acme", "remove");
      assertThat(get(config, token).statusCode()).isEqualTo(404);
      assertThat(get(table, token).statusCode()).isEqualTo(404);
      assertThat(get(config, "x" + token).statusCode()).isEqualTo(401);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void thePageBehindALinkHasCodeForIcebergTables(boolean served) throws IOException {
    WrittenIceberg.create(dir.resolve("tables/sales/lake"), 2).append("one", 0);
    S3Store store = S3Store.shared();
    String bucket = store.newBucket("cloud");
    Map<String, String> s3 = S3Store.hadoop(store.endpoint(), store.newKey(bucket));
    Configuration hadoop = new Configuration();
    s3.forEach(hadoop::set);
    WrittenIceberg.create(
            "s3a://" + bucket + "/lake/sales/orders",
            hadoop,
            WrittenIceberg.SCHEMA,
            PartitionSpec.unpartitioned(),
            Map.of())
        .append("one", 0);
    String settings =
        "icebergCatalog: %s%nstorage: [{prefix: 's3a://%s', hadoop: %s}]%n"
            .formatted(served, bucket, ServerClient.MAPPER.writeValueAsString(s3));
    // Not all of them are where Iceberg clients may read them.
    try (ProviderServer server = start(bucket, settings)) {
      server.share("retail", "sales.orders", "orders");
      String table = ProviderServer.add("sales.lake", "iceberg://lake/sales/lake");
      server.done("PATCH", "/shares/retail", table);
      server.done(
          "PATCH",
          "/shares/retail",
          ProviderServer.add("sales.cloud", "iceberg://cloud/sales/orders"));
      URI link =
          URI.create(
              server
                  .done("POST", "/recipients", "{\"name\":\"acme\"}")
                  .at("/token/activation_url")
                  .asText());
      server.grant("retail", "acme");
      HttpRequest.Builder post =
          HttpRequest.newBuilder(URI.create(link + "?overview=true"))
              .header("Accept", "application/json")
              .POST(HttpRequest.BodyPublishers.noBody());
      JsonNode page = ServerClient.json(ServerClient.send(post.build()));
      assertThat(page.at("/shares/0/tables"))
          .extracting(item -> item.get("name").asText(), item -> item.at("/snippets/pyiceberg"))
          .hasSize(3)
          .allSatisfy(
              item -> {
                String code = ((JsonNode) item.toList().get(1)).asText();
                if (served && item.toList().get(0).equals("cloud")) {
                  assertThat(code)
                      .contains(
                          "open(\"config.share\")",
                          "uri=profile[\"icebergEndpoint\"], warehouse=\"retail\"",
                          "load_table((\"sales\", \"cloud\"))")
                      .doesNotContain(page.at("/profile/bearerToken").asText());
                } else {
                  assertThat(code).isEmpty();
                }
              });
    }
  }

  @Test
  void withoutTheSettingThereIsNoCatalog() throws IOException {
    try (ProviderServer server = start("")) {
      JsonNode profile = server.recipient("acme");
      assertThat(profile.has("icebergEndpoint")).isFalse();
      URI config = URI.create(profile.path("endpoint").asText()).resolve("/iceberg/v1/config");
      HttpResponse<String> response = get(config, profile.path("bearerToken").asText());
      assertThat(response.statusCode()).isEqualTo(404);
      assertThat(ServerClient.errorCode(response)).isEqualTo("RESOURCE_DOES_NOT_EXIST");
    }
  }

  @Test
  void limitsOnRatesAreTheSame() throws IOException {
    try (ProviderServer server =
        start("icebergCatalog: true\nrateLimit: {requestsPerSecond: 1, burst: 2}")) {
      JsonNode profile = server.recipient("acme");
      URI config = URI.create(profile.path("icebergEndpoint").asText() + "/v1/config?warehouse=x");
      String token = profile.path("bearerToken").asText();
      for (int i = 0; i < 2; i++) {
        assertThat(get(config, token).statusCode()).isEqualTo(404);
      }
      HttpResponse<String> limited = get(config, token);
      assertThat(limited.statusCode()).isEqualTo(429);
      assertThat(limited.body()).contains("\"type\":\"TooManyRequestsException\"");
      assertThat(limited.headers().firstValue("Retry-After")).isPresent();
    }
  }
}
