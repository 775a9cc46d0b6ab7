/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static io.github.deltasharing.testing.WrittenLog.PROTOCOL;
import static io.github.deltasharing.testing.WrittenLog.SCHEMA;
import static io.github.deltasharing.testing.WrittenLog.add;
import static io.github.deltasharing.testing.WrittenLog.metadata;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.storage.DiskContainer;
import io.github.deltasharing.testing.LogCapture;
import io.github.deltasharing.testing.WrittenLog;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tables on Azure and on Google Cloud Storage, whose file systems are a directory here: what is
 * read of them, and where their URLs lead. {@code presign}'s tests judge signatures.
 */
@Tag("unit")
class CloudServerTest {
  private static final String KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6";
  private static final String AZURE = "abfss://data@account1.dfs.core.windows.net";

  @TempDir private Path directory;
  private SharingServer server;

  @BeforeEach
  void write() {
    WrittenLog log = new WrittenLog(directory.resolve("sales/orders"));
    log.commit(0, PROTOCOL, metadata(SCHEMA));
    log.commit(1, add("day=2026-11-28/a%20b%252F.parquet"), add("c.parquet"));
    log.commit(2, add(AZURE + "/sales/orders/d.parquet"));
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private ServerClient serve(String location, String prefix, String hadoop) throws IOException {
    String yaml =
        """
        authorization: {bearerToken: '%s'}
        port: 0
        shares: [{name: Retail, schemas: [{name: sales, tables: [{name: orders, location: '%s'}]}]}]
        storage:
        - {prefix: '%s', hadoop: {%s}}
        """;
    Path config =
        Files.writeString(
            directory.resolve("share.yaml"),
            yaml.formatted(ServerTables.TOKEN, location, prefix, hadoop));
    server = SharingServer.start(ShareConfig.read(config));
    return new ServerClient(server);
  }

  private String hadoop(String scheme, String... more) {
    return "fs.%s.impl: %s, %s: '%s', %s"
        .formatted(
            scheme,
            DiskContainer.class.getName(),
            DiskContainer.DIRECTORY,
            directory,
            String.join(", ", more));
  }

  private static List<URI> urls(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return ServerClient.actions(response, "file").stream()
        .map(file -> URI.create(file.get("url").asText()))
        .toList();
  }

  @Test
  void azuresFilesHaveSignaturesOfTheirOwn() throws IOException {
    ServerClient client =
        serve(AZURE + "/sales/orders", "abfs://", hadoop("abfss", "fs.azure.account.key: " + KEY));
    List<URI> urls = urls(client.query("sales.orders", "{}"));
    assertThat(urls)
        .extracting(URI::getRawPath)
        .containsExactlyInAnyOrder(
            "/data/sales/orders/day%3D2026-11-28/a%20b%252F.parquet",
            "/data/sales/orders/c.parquet", "/data/sales/orders/d.parquet");
    assertThat(urls)
        .allSatisfy(
            url -> {
              assertThat(url.getHost()).isEqualTo("account1.blob.core.windows.net");
              assertThat(url.getQuery()).startsWith("sp=r&se=").contains("&spr=https&", "&sr=b&");
            });
    assertThat(urls).extracting(URI::getRawQuery).doesNotHaveDuplicates();
  }

  @Test
  void googlesFiles() throws IOException {
    new WrittenLog(directory.resolve("sales/plain"))
        .commit(0, PROTOCOL, metadata(SCHEMA), add("e"));
    ServerClient client =
        serve(
            "gs://my_bucket/sales/plain",
            "gs://my_bucket",
            hadoop("gs", "fs.gs.auth.service.account.json.keyfile: '%s'".formatted(account())));
    List<URI> urls = urls(client.query("sales.orders", "{}"));
    assertThat(urls).hasSize(1);
    assertThat(urls.get(0).toString())
        .startsWith(
            "https://storage.googleapis.com/my_bucket/sales/plain/e?"
                + "X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Credential=me%40example.com");
  }

  private Path account() throws IOException {
    try (InputStream pem = getClass().getResourceAsStream("/presign/gcs-dummy-key.pem")) {
      return Files.writeString(
          directory.resolve("account.json"),
          ServerClient.MAPPER
              .createObjectNode()
              .put("client_email", "me@example.com")
              .put("private_key", new String(pem.readAllBytes(), StandardCharsets.UTF_8))
              .toString());
    }
  }

  @Test
  void whatIsNotSetIsSaidToTheProviderOnly() throws IOException {
    ServerClient client = serve(AZURE + "/sales/orders", "abfss://", hadoop("abfss"));
    refused(client, "fs.azure.account.key.account1.dfs.core.windows.net is not set");
  }

  @Test
  void aFileSystemThatIsNotThere() throws IOException {
    ServerClient client =
        serve(AZURE + "/sales/orders", "abfss://", "fs.azure.account.key: " + KEY);
    refused(client, "org.apache.hadoop:hadoop-azure:3.3.4");
  }

  private static void refused(ServerClient client, String logged) {
    try (LogCapture log = LogCapture.ofProject(Level.WARN)) {
      HttpResponse<String> response = client.query("sales.orders", "{}");
      assertThat(response.statusCode()).isEqualTo(500);
      JsonNode told = ServerClient.json(response);
      assertThat(told.get("message").asText())
          .isEqualTo(
              "Cannot read Retail.sales.orders: the server's settings of the table's store do not"
                  + " serve. Tell the provider, whose log has details");
      assertThat(String.join("\n", log.lines())).contains(logged).doesNotContain(KEY);
    }
  }

  @Test
  void aTableThatIsNotThere() throws IOException {
    ServerClient client =
        serve(AZURE + "/sales/gone", "abfss://", hadoop("abfss", "fs.azure.account.key: " + KEY));
    HttpResponse<String> response = client.query("sales.orders", "{}");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(404);
    assertThat(response.body()).doesNotContain("account1");
  }

  @Test
  void aStoreThatRefuses() throws IOException {
    ServerClient client =
        serve(
            AZURE + "/sales/orders",
            "abfss://",
            "fs.azure.account.key: %s, fs.abfss.impl: %s"
                .formatted(KEY, DiskContainer.class.getName()));
    HttpResponse<String> response = client.query("sales.orders", "{}");
    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.body())
        .contains("the server's credential may not read the table's store. Tell the provider")
        .doesNotContain("canary");
  }
}
