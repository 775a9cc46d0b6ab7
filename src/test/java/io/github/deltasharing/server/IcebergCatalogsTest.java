/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static io.github.deltasharing.server.ServerClient.actions;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.server.config.ConfigException;
import io.github.deltasharing.server.config.ShareConfigReader;
import io.github.deltasharing.testing.LogCapture;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubRequest;
import io.github.deltasharing.testing.StubServer;
import io.github.deltasharing.testing.UnforkedFileSystem;
import io.github.deltasharing.testing.WrittenIceberg;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.rest.CatalogHandlers;
import org.apache.iceberg.rest.RESTCatalogProperties.SnapshotMode;
import org.apache.iceberg.rest.responses.LoadTableResponse;
import org.apache.iceberg.rest.responses.LoadTableResponseParser;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Iceberg tables that are found by catalogs over a network. Iceberg's own JDBC catalog keeps the
 * tables, and its library makes the REST responses of a stub.
 */
@Tag("unit")
class IcebergCatalogsTest {
  private static final String SECRET = "a-secret-7f3c";
  private static final TableIdentifier ORDERS =
      TableIdentifier.of(Namespace.of("sales", "eu"), "orders");
  private static final String[] DELTA = {
    "delta-sharing-capabilities",
    "responseformat=delta;readerfeatures=columnmapping,deletionvectors,timestampntz,typewidening"
  };

  @TempDir Path directory;

  private final StubServer rest = new StubServer();
  private JdbcCatalog catalog;
  private WrittenIceberg orders;
  private SharingServer server;
  private ServerClient client;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(directory.resolve("secret"), SECRET + "\n");
    Configuration hadoop = new Configuration();
    hadoop.set("fs.file.impl", UnforkedFileSystem.class.getName());
    catalog = new JdbcCatalog();
    catalog.setConf(hadoop);
    catalog.initialize(
        "lake",
        Map.of(
            "uri",
            database(),
            "jdbc.user",
            "sa",
            "jdbc.password",
            SECRET,
            "jdbc.schema-version",
            "V1",
            "warehouse",
            directory.resolve("lake").toString()));
    catalog.createNamespace(ORDERS.namespace());
    orders = WrittenIceberg.of(catalog.createTable(ORDERS, WrittenIceberg.SCHEMA)).append("a", 0);
    rest.onAnything(this::respond);
  }

  /** In memory, for as long as a connection to it is open: the catalog's. */
  private String database() {
    return "jdbc:h2:mem:catalog-" + directory.getFileName() + ";DB_CLOSE_DELAY=-1";
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
    catalog.close();
    rest.close();
  }

  private StubAnswer respond(StubRequest request) {
    String path = request.target().replaceFirst("\\?.*", "");
    if (path.equals("/cat/v1/oauth/tokens")) {
      return StubAnswer.json(
          "{\"access_token\":\"of-the-secret\",\"token_type\":\"bearer\",\"expires_in\":3600}");
    }
    if (!"Bearer of-the-secret".equals(request.header("Authorization"))) {
      return error(401, "NotAuthorizedException");
    }
    if (path.equals("/cat/v1/config")) {
      return StubAnswer.json(
          "{\"defaults\":{},\"overrides\":{\"prefix\":\"pre\",\"io-impl\":\"no.such.Class\"}}");
    }
    if (!path.startsWith("/cat/v1/pre/namespaces/sales%1Feu/tables/")) {
      return error(404, "NoSuchNamespaceException");
    }
    String name = path.substring(path.lastIndexOf('/') + 1);
    try {
      LoadTableResponse response =
          CatalogHandlers.loadTable(
              catalog, TableIdentifier.of(ORDERS.namespace(), name), SnapshotMode.ALL);
      return StubAnswer.json(LoadTableResponseParser.toJson(response));
    } catch (NoSuchTableException e) {
      return error(404, "NoSuchTableException");
    }
  }

  private static StubAnswer error(int status, String type) {
    return StubAnswer.json(
        status,
        "{\"error\":{\"message\":\"%s\",\"type\":\"%s\",\"code\":%d}}"
            .formatted(SECRET, type, status));
  }

  private String entry(String type) {
    return switch (type) {
      case "jdbc" ->
          "uri: '%s', properties: {jdbc.user: sa}, propertyFiles: {jdbc.password: secret}"
              .formatted(database());
      case "rest" ->
          "uri: '%s', warehouse: w, propertyFiles: {credential: secret}"
              .formatted(rest.url("/cat"));
      default ->
          "uri: '%s', warehouse: lake, properties: {jdbc.user: sa}, propertyFiles: {jdbc.password: secret}"
              .formatted(database());
    };
  }

  private void serve(String type, String entry) throws IOException {
    Path config = directory.resolve("share.yaml");
    Files.writeString(
        config,
        """
        port: 0
        authorization: {bearerToken: %s}
        catalogs:
        - {name: lake, type: %s, locations: [lake], %s}
        shares:
        - name: Retail
          schemas:
          - name: s
            tables:
            - {name: t, location: 'iceberg://lake/sales/eu/orders', historyShared: true}
            - {name: tagged, location: 'iceberg://lake/sales/eu/orders?ref=early'}
            - {name: none, location: 'iceberg://lake/sales/eu/returns'}
            - {name: files, location: 'iceberg://lake/sales/eu/orders/files'}
        """
            .formatted(ServerTables.TOKEN, type, entry));
    server = SharingServer.start(ShareConfigReader.read(config).build());
    client = new ServerClient(server);
  }

  private HttpResponse<String> query(String table) {
    return client.query("s." + table, "{}", DELTA);
  }

  private static String text(String url) throws IOException {
    try (InputStream in = URI.create(url).toURL().openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static List<String> names(HttpResponse<String> response) {
    return actions(response, "file").stream()
        .map(file -> file.at("/deltaSingleAction/add/path").asText())
        .map(url -> url.replaceFirst(".*/data/", "").replaceFirst("\\?.*", ""))
        .sorted()
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"jdbc", "rest", "org.apache.iceberg.jdbc.JdbcCatalog"})
  void tablesAreFoundAndFollowTheirCatalog(String type) throws Exception {
    orders
        .table()
        .manageSnapshots()
        .createTag("early", orders.table().currentSnapshot().snapshotId())
        .commit();
    serve(type, entry(type));
    assertThat(names(query("t"))).containsExactly("a");
    orders.append("b", 10);
    HttpResponse<String> newest = query("t");
    assertThat(names(newest)).containsExactly("a", "b");
    assertThat(names(query("tagged"))).containsExactly("a");
    String url = actions(newest, "file").get(0).at("/deltaSingleAction/add/path").asText();
    int asked = rest.requests().size();
    assertThat(text(url)).startsWith("bytes of ");
    assertThat(rest.requests()).as("A file's request asks no catalog").hasSize(asked);

    for (String table : List.of("none", "files")) {
      HttpResponse<String> missing = query(table);
      assertThat(missing.statusCode()).isEqualTo(404);
      assertThat(ServerClient.message(missing))
          .contains("Retail.s." + table, "'lake' has no table");
    }
    catalog.dropTable(ORDERS, false);
    HttpResponse<String> dropped = query("t");
    assertThat(dropped.statusCode()).isEqualTo(404);
    assertThat(ServerClient.message(dropped)).contains("sales.eu.orders, or none any more");
  }

  @Test
  void aTableOutsideOfTheCatalogsLocationsIsRefused() throws IOException {
    catalog.createTable(
        TableIdentifier.of(ORDERS.namespace(), "returns"),
        WrittenIceberg.SCHEMA,
        org.apache.iceberg.PartitionSpec.unpartitioned(),
        directory.resolve("lake-of-others/returns").toString(),
        Map.of());
    serve("jdbc", entry("jdbc"));
    HttpResponse<String> outside = query("none");
    assertThat(outside.statusCode()).isEqualTo(400);
    assertThat(ServerClient.message(outside))
        .contains("Retail.s.none", "outside of the locations")
        .doesNotContain("lake-of-others");
    assertThat(names(query("t"))).containsExactly("a");
  }

  @ParameterizedTest
  @CsvSource({"jdbc", "rest", "org.apache.iceberg.jdbc.JdbcCatalog"})
  void aCatalogThatIsDownIsA503WithoutSecrets(String type) throws IOException {
    try (LogCapture log = LogCapture.ofAll(Level.INFO, "org.eclipse.jetty")) {
      serve(
          type,
          type.equals("rest")
              ? "uri: 'http://127.0.0.1:1/cat', propertyFiles: {credential: secret}"
              : "uri: 'jdbc:postgresql://127.0.0.1:1/db?password=%s', warehouse: lake"
                  .formatted(SECRET));
      HttpResponse<String> down = query("t");
      assertThat(down.statusCode()).isEqualTo(503);
      assertThat(ServerClient.message(down)).contains("Retail.s.t", "catalog 'lake'", "Try again");
      assertThat(down.body()).doesNotContain(SECRET);
      assertThat(String.join("\n", log.lines()))
          .contains("The catalog lake cannot be read")
          .doesNotContain(SECRET);
    }
  }

  @Test
  void aRestCatalogThatRefusesOrFailsIsSaidWithoutItsWords() throws IOException {
    try (LogCapture log = LogCapture.ofAll(Level.INFO, "org.eclipse.jetty")) {
      serve("rest", "uri: '%s', properties: {token: wrong}".formatted(rest.url("/cat")));
      HttpResponse<String> refused = query("t");
      assertThat(refused.statusCode()).isEqualTo(500);
      assertThat(ServerClient.message(refused)).contains("'lake' refuses the server's credentials");
      server.close();
      for (StubAnswer answer :
          List.of(
              StubAnswer.html(502, SECRET),
              error(500, "X"),
              StubAnswer.json("{\"no\": \"" + SECRET + "\"}"),
              StubAnswer.html(200, SECRET),
              StubAnswer.status(302).withHeader("Location", rest.url("/cat/v1/config")),
              StubAnswer.hangUp())) {
        rest.onAnything(request -> answer);
        serve("rest", entry("rest"));
        HttpResponse<String> failed = query("t");
        assertThat(failed.statusCode()).as(answer.toString()).isEqualTo(503);
        assertThat(failed.body()).doesNotContain(SECRET);
        server.close();
      }
      assertThat(String.join("\n", log.lines())).doesNotContain(SECRET);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rest | uri: 'http://u:a-secret-7f3c@h/' | uri must be the http: or https: address",
        "rest | warehouse: w | uri must be the http",
        "jdbc | uri: 'jdbc:nothing:a-secret-7f3c' | no driver on the class path",
        "no.such.Catalog | warehouse: w | name of a class of catalogs",
        "rest | uri: 'http://h/', properties: {token: x}, propertyFiles: {token: secret} | property token twice",
        "rest | uri: 'http://h/', propertyFiles: {token: nothing} | Cannot read catalogs[0].propertyFiles.token",
        "hadoop | warehouse: lake | warehouse alone",
      })
  void wrongEntriesAreRefusedByTheirKeys(String type, String entry, String message) {
    assertThatThrownBy(() -> serve(type, entry))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("catalogs")
        .hasMessageContaining(message)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain(SECRET));
  }
}
