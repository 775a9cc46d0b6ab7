/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.catalog.SharingExtensions;
import io.github.deltasharing.examples.RetailTables;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every statement in SQL and every piece of Java of the pages runs as it stands there, against the
 * tables of the quick start. Those in Python and Scala: {@code QuickStartIT}.
 */
class DocSqlTest {
  /** What a reader of a page has begun the shell with. */
  private static final String CATALOG = "spark.sql.catalog.shared";

  @TempDir static Path directory;
  static TestShare share;
  static Path quickStart;

  /** Without the views and catalogs of others, and with the extension that docs/sql.md names. */
  private SparkSession spark;

  @BeforeAll
  static void writeAndShare() throws IOException {
    RetailTables tables = new RetailTables(TestSpark.session(), directory.resolve("tables"));
    tables.write();
    share =
        TestShare.of(
            directory,
            List.of(),
            config ->
                Stream.of(tables.customers(), tables.orders())
                    .forEach(
                        table ->
                            config.table(
                                new SharedTable(
                                    "retail",
                                    "sales",
                                    table.getFileName().toString(),
                                    table.toUri(),
                                    "",
                                    true,
                                    0))));
    quickStart = Files.createDirectories(directory.resolve("quickstart"));
    Files.copy(share.profile(), quickStart.resolve("config.share"));
  }

  @AfterAll
  static void stop() {
    share.close();
  }

  private void newSession() {
    spark = TestSpark.session().newSession();
    SparkSessionExtensions extensions = new SparkSessionExtensions();
    new SharingExtensions().apply(extensions);
    extensions.registerTableFunctions(spark.sessionState().tableFunctionRegistry());
    spark.conf().set(CATALOG, "io.github.deltasharing.catalog.SharingCatalog");
    spark.conf().set(CATALOG + ".profile", quickStart.resolve("config.share").toString());
  }

  /** Tables and views of the session catalog are all sessions'. */
  @AfterEach
  void dropWhatThePageMade() {
    spark.sql("USE spark_catalog.default");
    for (var row : spark.sql("SHOW TABLES").collectAsList()) {
      String name = row.getString(1);
      if (!row.getBoolean(2)) {
        String kind =
            spark.sql("SHOW VIEWS").where("viewName = '" + name + "'").isEmpty() ? "TABLE" : "VIEW";
        spark.sql("DROP " + kind + " `" + name + "`");
      }
    }
  }

  static Set<String> pagesWithSql() throws IOException {
    return DocBlock.toRun("sql").stream()
        .map(DocBlock::page)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  @ParameterizedTest
  @MethodSource("pagesWithSql")
  void everyStatementRunsAndReadsSomething(String page) throws IOException {
    newSession();
    List<String> empty = new ArrayList<>();
    for (DocBlock block : DocBlock.toRun("sql")) {
      if (!block.page().equals(page)) {
        continue;
      }
      for (String statement : block.in(quickStart).split(";\\s*(--[^\n]*)?(\n|$)", -1)) {
        if (statement.isBlank()) {
          continue;
        }
        if (spark.sql(statement.strip()).collectAsList().isEmpty()) {
          empty.add(statement.strip().split("\\s", 2)[0]);
        }
      }
    }
    assertThat(empty).isSubsetOf("USE", "CACHE", "UNCACHE", "REFRESH", "CREATE", "DROP", "SET");
  }

  /** The setting that stands for all pages is the one that docs/catalog.md gives. */
  @Test
  void settingsOfACatalog() throws IOException {
    newSession();
    assertThat(
            DocBlock.all().stream()
                .filter(block -> block.page().equals("docs/catalog.md"))
                .filter(block -> block.language().equals("properties"))
                .flatMap(block -> block.in(quickStart).lines()))
        .containsExactly(
            CATALOG + "=" + spark.conf().get(CATALOG),
            CATALOG + ".profile=" + spark.conf().get(CATALOG + ".profile"));
  }

  @Test
  void everyColumnOfFilesIsThere() throws IOException {
    newSession();
    String page = Files.readString(Path.of("docs/catalog.md"));
    assertThat(spark.table("shared.retail.sales.orders.files").columns())
        .allSatisfy(column -> assertThat(page).contains("`" + column + "`"));
  }

  @Test
  void everyPieceOfJavaCompilesAndRuns(@TempDir Path classes) throws Exception {
    newSession();
    List<DocBlock> blocks = DocBlock.toRun("java");
    assertThat(blocks).isNotEmpty();
    for (DocBlock block : blocks) {
      JavaPiece.run(block.in(quickStart), block.toString(), classes, spark, directory);
    }
  }
}
