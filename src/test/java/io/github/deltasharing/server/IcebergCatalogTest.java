/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static io.github.deltasharing.server.IcebergCatalogServer.ANN;
import static io.github.deltasharing.server.IcebergCatalogServer.TABLES;
import static io.github.deltasharing.server.IcebergCatalogServer.error;
import static io.github.deltasharing.server.IcebergCatalogServer.id;
import static io.github.deltasharing.server.IcebergCatalogServer.message;
import static io.github.deltasharing.server.IcebergCatalogServer.snapshotIds;
import static io.github.deltasharing.server.IcebergCatalogServer.snapshots;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.rest.RESTCatalog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What Iceberg's own client and plain requests list and load of the REST catalog, and what is
 * refused.
 */
class IcebergCatalogTest {
  @TempDir static Path dir;
  private static IcebergCatalogServer iceberg;

  @BeforeAll
  static void start() throws IOException {
    iceberg = new IcebergCatalogServer(dir);
  }

  @AfterAll
  static void stop() {
    iceberg.close();
  }

  @Test
  void icebergsClientListsWhatCanBeLoaded() throws IOException {
    try (RESTCatalog catalog = iceberg.catalog("retail", ANN)) {
      assertThat(catalog.listNamespaces())
          .containsExactly(Namespace.of("empty"), Namespace.of("lake"), Namespace.of("sales"));
      assertThat(catalog.listNamespaces(Namespace.of("sales"))).isEmpty();
      assertThat(catalog.namespaceExists(Namespace.of("SALES"))).isTrue();
      assertThat(catalog.namespaceExists(Namespace.of("none"))).isFalse();
      assertThat(catalog.namespaceExists(Namespace.of("sales", "deeper"))).isFalse();
      assertThat(catalog.listTables(Namespace.of("empty"))).isEmpty();
      assertThat(catalog.listTables(Namespace.of("sales")))
          .extracting(TableIdentifier::name)
          .containsExactly("behind", "both", "directory", "moving", "newest", "Whole");
      assertThat(catalog.listViews(Namespace.of("sales"))).isEmpty();
      assertThat(catalog.tableExists(id("whole"))).isTrue();
      assertThat(catalog.tableExists(id("delta"))).isFalse();
      assertThat(catalog.tableExists(id("none"))).isFalse();
      assertThatThrownBy(() -> catalog.loadTable(id("none")))
          .isInstanceOf(NoSuchTableException.class);
      assertThatThrownBy(() -> catalog.loadTable(TableIdentifier.of("none", "t")))
          .hasMessageContaining("There is no schema 'none'");
      assertThatThrownBy(() -> catalog.listTables(Namespace.of("none")))
          .isInstanceOf(NoSuchNamespaceException.class);
    }
    try (RESTCatalog paged = iceberg.catalog("Retail", ANN, "rest-page-size", "2")) {
      assertThat(paged.listTables(Namespace.of("sales"))).hasSize(6);
      assertThat(paged.listNamespaces()).hasSize(3);
    }
  }

  @Test
  void icebergsClientLoadsWhatItsOwnWriterWrote() throws IOException {
    try (RESTCatalog catalog = iceberg.catalog("Retail", ANN)) {
      Table table = catalog.loadTable(id("whole"));
      assertThat(table.schema().sameSchema(iceberg.whole.table().schema())).isTrue();
      assertThat(table.location()).isEqualTo(iceberg.whole.table().location());
      assertThat(table.properties()).containsEntry("delta-version", "2");
      assertThat(snapshotIds(table)).isEqualTo(snapshotIds(iceberg.whole.table()));
      assertThat(table.currentSnapshot()).isEqualTo(iceberg.whole.table().currentSnapshot());
    }
    try (RESTCatalog catalog = iceberg.catalog("Retail", ANN, "snapshot-loading-mode", "refs")) {
      Table table = catalog.loadTable(id("whole"));
      assertThat(table.currentSnapshot()).isEqualTo(iceberg.whole.table().currentSnapshot());
      // The rest is loaded when it is wanted.
      assertThat(snapshotIds(table)).hasSize(3);
    }
    assertThat(snapshots(ServerClient.json(iceberg.get(TABLES + "/whole?snapshots=refs"))))
        .hasSize(1);
  }

  @Test
  void nothingIsWritten() throws IOException {
    try (RESTCatalog catalog = iceberg.catalog("Retail", ANN)) {
      Table table = catalog.loadTable(id("whole"));
      assertThatThrownBy(() -> table.updateProperties().set("a", "b").commit())
          .isInstanceOfAny(ForbiddenException.class, UnsupportedOperationException.class);
      assertThatThrownBy(() -> catalog.dropTable(id("whole")))
          .isInstanceOfAny(ForbiddenException.class, UnsupportedOperationException.class);
    }
    for (String each :
        List.of(
            "POST " + TABLES,
            "POST " + TABLES + "/whole",
            "DELETE " + TABLES + "/whole",
            "POST /iceberg/v1/Retail/namespaces",
            "DELETE /iceberg/v1/Retail/namespaces/sales",
            "POST /iceberg/v1/Retail/namespaces/sales/properties",
            "POST /iceberg/v1/Retail/namespaces/sales/register",
            "POST /iceberg/v1/Retail/tables/rename",
            "POST /iceberg/v1/Retail/transactions/commit",
            "POST /iceberg/v1/oauth/tokens",
            "PUT " + TABLES + "/whole/sign",
            "PATCH /iceberg/v1/config")) {
      String[] request = each.split(" ");
      assertThat(error(iceberg.send(request[0], request[1], ANN, "{}")))
          .as(each)
          .isEqualTo("403 ForbiddenException");
    }
    assertThat(error(iceberg.send("GET", TABLES + "/whole/sign", ANN, null)))
        .isEqualTo("405 UnsupportedOperationException");
    assertThat(error(iceberg.get("/iceberg/v1/Retail/views/v"))).isEqualTo("404 NotFoundException");
    assertThat(iceberg.send("POST", TABLES + "/whole/metrics", ANN, "{}").statusCode())
        .isEqualTo(204);
  }

  @Test
  void metadataThatIsBehindItsTableSaysOfWhichVersionItIs() {
    assertThat(
            iceberg
                .load("behind")
                .path("metadata")
                .path("properties")
                .path("delta-version")
                .asText())
        .isEqualTo("2");
    assertThat(iceberg.records)
        .last()
        .satisfies(record -> assertThat(record.version()).isEqualTo(2));
  }

  @Test
  void tablesThatCannotBeServedAreRefusedByName() {
    Map<String, String> why =
        Map.of(
            "delta", "it is a Delta table without Iceberg metadata",
            "promised", "none of a version up to 1 is there",
            "elsewhere", "not below the table's directory",
            "local", "its files are not in S3",
            "later", "is of version 2, and it is shared from version 3 on");
    why.forEach(
        (table, words) -> {
          HttpResponse<String> response = iceberg.get(TABLES + "/" + table);
          assertThat(error(response)).as(table).isEqualTo("400 BadRequestException");
          assertThat(message(response)).contains("Retail.sales." + table, words);
          assertThat(iceberg.send("HEAD", TABLES + "/" + table, ANN, null).statusCode())
              .isEqualTo(404);
        });
    assertThat(error(iceberg.get(TABLES + "/missing"))).isEqualTo("404 NoSuchTableException");
    assertThatThrownBy(() -> iceberg.catalog("Retail", ANN).loadTable(id("delta")))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("Delta table without Iceberg metadata");
  }

  @Test
  void propertiesOfTablesSetNoClients() {
    assertThat(iceberg.newest.table().properties()).containsKeys("s3.signer.uri", "comment");
    JsonNode properties = iceberg.load("newest").path("metadata").path("properties");
    assertThat(properties.has("s3.signer.uri")).isFalse();
    assertThat(properties.path("comment").asText()).isEqualTo("of sales");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/iceberg/v1/config",
        "/iceberg/v1/config?warehouse=",
        "/iceberg/v1/Retail/namespaces?pageSize=0",
        "/iceberg/v1/Retail/namespaces?pageSize=x",
        "/iceberg/v1/Retail/namespaces?pageToken=%20",
        "/iceberg/v1/Retail/namespaces/sales/tables?pageSize=-1",
        "/iceberg/v1/Retail/namespaces/sales/tables/whole?snapshots=none",
        "/iceberg/v1/Retail/namespaces?pageToken=a!",
        "/iceberg/v1/Retail/namespaces/%0a",
        "/iceberg/v1/Retail/namespaces/sales/tables/a%5cb"
      })
  void badParametersAreRefused(String path) {
    assertThat(error(iceberg.get(path))).isEqualTo("400 BadRequestException");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/iceberg",
        "/iceberg/",
        "/iceberg/v2/config",
        "/iceberg/v1/Retail/namespaces/",
        "/iceberg/v1/Retail/namespaces/sales%1Fwhole/tables/snapshots",
        "/iceberg/v1/Retail%1F/namespaces",
        "/iceberg/v1/Retail/namespaces/sales/tables/whole%2520",
        "/iceberg/v1/Retail/../Retail/namespaces/none",
        "/iceberg/v1/Retail/namespaces?parent=none"
      })
  void otherPathsLeadNowhere(String path) {
    assertThat(error(iceberg.get(path))).startsWith("404 ");
  }
}
