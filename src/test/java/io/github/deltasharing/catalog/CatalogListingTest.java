/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.error.SharingServerException;
import io.github.deltasharing.testing.LogCapture;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubServer;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.logging.log4j.Level;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What listing a share asks of the server, request by request; and servers that list oddly. */
class CatalogListingTest {
  private static final SparkSession SPARK = TestSpark.session();
  private static final AtomicInteger COUNT = new AtomicInteger();

  private static final String METADATA =
      "{\"metaData\":{\"id\":\"1\",\"format\":{\"provider\":\"parquet\"},\"schemaString\":"
          + "\"{\\\"type\\\":\\\"struct\\\",\\\"fields\\\":[{\\\"name\\\":\\\"id\\\",\\\"type\\\":\\\"long\\\","
          + "\\\"nullable\\\":true,\\\"metadata\\\":{}}]}\",\"partitionColumns\":[]}}";

  @TempDir static Path directory;

  private final StubServer stub = new StubServer();
  private String catalog;

  @BeforeEach
  void catalog() {
    catalog = "listed" + COUNT.incrementAndGet();
    Path profile = directory.resolve(catalog + ".share");
    TestShare.writeProfile(profile, stub.url(""), TestShare.CANARY);
    TestCatalogs.add(catalog, profile, Map.of("numRetries", "0"));
    stub.onAnything(
        request -> StubAnswer.error(404, "RESOURCE_DOES_NOT_EXIST", "there is no such thing"));
  }

  @AfterEach
  void stop() {
    stub.close();
  }

  private List<String> asked() {
    List<String> targets = stub.requests().stream().map(Object::toString).toList();
    stub.forget();
    return targets;
  }

  private List<Row> sql(String statement) {
    return SPARK.sql(statement.replace("$c", catalog)).collectAsList();
  }

  private static String items(List<String> items, String next) {
    return "{\"items\":["
        + String.join(",", items)
        + "]"
        + (next == null ? "" : ",\"nextPageToken\":\"" + next + "\"")
        + "}";
  }

  private static String table(String name) {
    return "{\"name\":\"%s\",\"schema\":\"c\",\"share\":\"s\"}".formatted(name);
  }

  private static StubAnswer metadata() {
    return StubAnswer.ndjson("{\"protocol\":{\"minReaderVersion\":1}}", METADATA)
        .withHeader("delta-table-version", "7");
  }

  @Test
  void fiveThousandTablesArePagedAndNoneIsLoaded() {
    stub.on(
        "/shares/s/schemas/c/tables",
        request -> {
          int page =
              request.target().contains("pageToken=")
                  ? Integer.parseInt(request.target().replaceFirst(".*pageToken=p", ""))
                  : 0;
          return StubAnswer.json(
              items(
                  IntStream.range(page * 500, page * 500 + 500)
                      .mapToObj(i -> table("t" + i))
                      .collect(Collectors.toList()),
                  page == 9 ? null : "p" + (page + 1)));
        });
    assertThat(sql("SHOW TABLES IN $c.s.c")).hasSize(5_000);
    assertThat(asked())
        .hasSize(10)
        .allMatch(target -> target.startsWith("GET /shares/s/schemas/c/tables"));
    assertThat(sql("SHOW TABLES IN $c.s.c LIKE 't499*'")).hasSize(11);
    assertThat(asked()).hasSize(10);
  }

  @Test
  void namespacesAreOneListingEach() {
    stub.on(
        "/shares", StubAnswer.json(items(List.of("{\"name\":\"s\"}", "{\"name\":\"x.y\"}"), null)));
    stub.on(
        "/shares/s/schemas",
        StubAnswer.json(items(List.of("{\"name\":\"C\",\"share\":\"s\"}"), null)));
    assertThat(sql("SHOW NAMESPACES IN $c"))
        .extracting(row -> row.getString(0))
        .containsExactly("s", "`x.y`");
    assertThat(asked()).containsExactly("GET /shares");
    assertThat(sql("SHOW SCHEMAS IN $c.s"))
        .extracting(row -> row.getString(0))
        .containsExactly("s.C");
    assertThat(asked()).containsExactly("GET /shares/s/schemas");
    sql("USE $c.s.c");
    assertThat(asked()).containsExactly("GET /shares/s/schemas");
    sql("USE spark_catalog.default");
    assertThatThrownBy(() -> sql("SHOW SCHEMAS IN $c.nothing"))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("SCHEMA_NOT_FOUND");
    assertThat(asked()).containsExactly("GET /shares/nothing/schemas");
    assertThat(sql("DROP NAMESPACE IF EXISTS $c.s.other")).isEmpty();
    assertThat(asked()).containsExactly("GET /shares/s/schemas");
  }

  @Test
  void allTablesOfAShareAreOneListing() {
    stub.on("/shares/s/all-tables", StubAnswer.json(items(List.of(table("a"), table("b")), null)));
    assertThat(sql("SHOW TABLES IN $c.s"))
        .extracting(row -> row.getString(0) + "." + row.getString(1))
        .containsExactly("s.c.a", "s.c.b");
    assertThat(asked()).containsExactly("GET /shares/s/all-tables");
  }

  /** As of a server that has only what the protocol had at first. */
  @Test
  void withoutAllTablesSchemasAreListedOneByOne() {
    stub.on("/shares/s/schemas", StubAnswer.json(items(List.of("{\"name\":\"c\"}"), null)));
    stub.on(
        "/shares/s/schemas/c/tables", StubAnswer.json(items(List.of("{\"name\":\"a\"}"), null)));
    for (int status : new int[] {400, 404, 405, 501}) {
      stub.on("/shares/s/all-tables", StubAnswer.error(status, "", "no such endpoint"));
      assertThat(sql("SHOW TABLES IN $c.s"))
          .extracting(row -> row.getString(0) + "." + row.getString(1))
          .containsExactly("s.c.a");
      assertThat(asked())
          .containsExactly(
              "GET /shares/s/all-tables",
              "GET /shares/s/schemas",
              "GET /shares/s/schemas/c/tables");
    }
    stub.on("/shares/s/all-tables", StubAnswer.error(403, "FORBIDDEN", "not for you"));
    assertThatThrownBy(() -> sql("SHOW TABLES IN $c.s")).hasMessageContaining("not for you");
    assertThatThrownBy(() -> sql("SHOW TABLES IN $c.nothing"))
        .hasMessageContaining("SCHEMA_NOT_FOUND");
  }

  @Test
  void emptyPagesAndMissingFieldsAreRead() {
    stub.on(
        "/shares/s/schemas/c/tables",
        StubAnswer.json(items(List.of(), "p1")),
        StubAnswer.json("{\"nextPageToken\":\"p2\"}"),
        StubAnswer.json("{\"items\":[{\"name\":\"a\"}],\"nextPageToken\":\"\"}"));
    assertThat(sql("SHOW TABLES IN $c.s.c"))
        .extracting(row -> row.getString(0) + "." + row.getString(1))
        .containsExactly("s.c.a");
    stub.on("/shares/s/schemas/c/tables", StubAnswer.json("{}"));
    assertThat(sql("SHOW TABLES IN $c.s.c")).isEmpty();
  }

  @Test
  void existenceIsOneRequestForTheVersion() {
    stub.on(
        "/shares/s/schemas/c/tables/t/version",
        StubAnswer.status(200).withHeader("delta-table-version", "7"));
    assertThat(sql("DROP TABLE IF EXISTS $c.s.c.nothing")).isEmpty();
    assertThat(asked()).containsExactly("GET /shares/s/schemas/c/tables/nothing/version");
    assertThat(sql("CREATE TABLE IF NOT EXISTS $c.s.c.t (id INT)")).isEmpty();
    assertThat(asked()).containsExactly("GET /shares/s/schemas/c/tables/t/version");
  }

  /** Spark's own error, so that it works on; the log tells the name that may be meant. */
  @Test
  void aMissingTableIsLookedUpOnceAndTheNearestNameIsLogged() {
    stub.on(
        "/shares/s/schemas/c/tables",
        StubAnswer.json(items(List.of(table("customers"), table("orders")), null)));
    try (LogCapture log = LogCapture.of(MissingTables.class, Level.WARN)) {
      assertThatThrownBy(() -> SPARK.table(catalog + ".s.c.ordres"))
          .isInstanceOf(AnalysisException.class)
          .hasMessageContaining("TABLE_OR_VIEW_NOT_FOUND");
      assertThat(log.lines())
          .singleElement()
          .asString()
          .contains("'ordres'", "Did you mean 'orders'?", "SHOW TABLES IN " + catalog + ".s.c");
    }
    assertThat(asked())
        .containsExactly(
            "GET /shares/s/schemas/c/tables/ordres/metadata", "GET /shares/s/schemas/c/tables");
  }

  /** Some servers say 404 of a version: that is no missing table. */
  @Test
  void aTableThatIsListedIsNotMissing() {
    stub.on("/shares/s/schemas/c/tables", StubAnswer.json(items(List.of(table("orders")), null)));
    assertThatThrownBy(() -> sql("SELECT * FROM $c.s.c.orders VERSION AS OF 7"))
        .isInstanceOf(SharingServerException.class)
        .hasMessageContaining("404");
  }

  @Test
  void aServerThatKnowsNamesInOneCaseOnly() {
    stub.on("/shares/s/schemas/c/tables", StubAnswer.json(items(List.of(table("Orders")), null)));
    stub.on("/shares/s/schemas/c/tables/Orders/metadata", metadata());
    assertThat(SPARK.table(catalog + ".s.c.ORDERS").columns()).containsExactly("id");
    assertThat(asked()).hasSize(3);
  }

  /** Whatever answers 404 to everything is no sharing server: that is no missing table. */
  @Test
  void aWrongEndpointIsNoMissingTable() {
    stub.onAnything(request -> StubAnswer.html(404, "<html>nothing here</html>"));
    assertThatThrownBy(() -> SPARK.table(catalog + ".s.c.t"))
        .hasMessageContaining("spark.sql.catalog." + catalog + ".profile")
        .hasMessageContaining("endpoint");
    for (String statement :
        List.of(
            "SHOW NAMESPACES IN $c",
            "SHOW NAMESPACES IN $c.s",
            "SHOW TABLES IN $c.s",
            "SHOW TABLES IN $c.s.c",
            "DESCRIBE NAMESPACE $c.s",
            "DROP TABLE IF EXISTS $c.s.c.t")) {
      assertThatThrownBy(() -> sql(statement)).as(statement).hasMessageContaining("endpoint");
    }
  }

  @Test
  void refusalsNameTheConfOfTheCatalog() {
    for (int status : new int[] {401, 403}) {
      stub.onAnything(request -> StubAnswer.error(status, "DENIED", "no"));
      for (String statement :
          List.of("SELECT * FROM $c.s.c.t", "SHOW NAMESPACES IN $c", "SHOW TABLES IN $c.s.c")) {
        assertThatThrownBy(() -> sql(statement))
            .hasMessageContaining("HTTP " + status)
            .hasMessageContaining("spark.sql.catalog." + catalog + ".profile")
            .hasMessageNotContaining(TestShare.CANARY);
      }
    }
  }

  @Test
  void aMissingProfileNamesTheConfToo() {
    TestCatalogs.add(catalog + "x", directory.resolve("nothing.share"), Map.of());
    assertThatThrownBy(() -> SPARK.sql("SHOW NAMESPACES IN " + catalog + "x"))
        .hasMessageContaining("nothing.share")
        .hasMessageContaining("spark.sql.catalog." + catalog + "x.profile");
  }

  /** Each name goes to the server encoded, and comes back in SQL quoted. */
  @Test
  void anyNameCanBeQuoted() {
    for (String name :
        List.of(
            "a.b",
            "with space",
            "slash/ed",
            "ünïcødé 日本",
            "tick`ed",
            "per%cent",
            "q?#&=",
            "select")) {
      String quoted = "`" + name.replace("`", "``") + "`";
      stub.forget();
      stub.onAnything(request -> metadata());
      String full = catalog + "." + quoted + "." + quoted + "." + quoted;
      assertThat(SPARK.sql("DESCRIBE " + full).collectAsList()).hasSize(1);
      String segment =
          java.net.URLEncoder.encode(name, java.nio.charset.StandardCharsets.UTF_8)
              .replace("+", "%20");
      assertThat(asked())
          .containsExactly("GET /shares/%1$s/schemas/%1$s/tables/%1$s/metadata".formatted(segment));
      String escaped = name.replace("\\", "\\\\").replace("\"", "\\\"");
      stub.onAnything(
          request ->
              StubAnswer.json(
                  items(
                      List.of(
                          "{\"name\":\"%1$s\",\"schema\":\"%1$s\",\"share\":\"%1$s\"}"
                              .formatted(escaped)),
                      null)));
      Row shown = SPARK.sql("SHOW TABLES IN " + catalog + "." + quoted + "." + quoted).head();
      assertThat(shown.getString(1)).isEqualTo(name);
      String showCreate = "SHOW CREATE TABLE " + full;
      stub.onAnything(request -> metadata());
      assertThat(SPARK.sql(showCreate).head().getString(0)).contains(catalog + ".");
    }
  }
}
