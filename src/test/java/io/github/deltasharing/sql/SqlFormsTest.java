/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.catalog.TestCatalogs;
import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One SQL file for each feature ({@code src/test/resources/sql}), through the catalog, through
 * tables of the session catalog and through views alike. Delta Lake runs the same statements on the
 * same tables and says what the rows are; the plans of the three forms are one.
 */
class SqlFormsTest {
  private static final String PLAN = "-- plan:";

  @TempDir static Path directory;
  static TestShare share;

  /** A statement, and what its plan has to have in it. */
  record Statement(String sql, List<String> plan) {}

  @BeforeAll
  static void start() {
    FormTables.write(directory);
    share = TestShare.withHistory(directory, FormTables.NAMES);
    TestCatalogs.add(SqlForm.CATALOG_NAME, share.profile(), Map.of());
  }

  @AfterAll
  static void stop() {
    SparkSession spark = TestSpark.session();
    for (Row table : spark.sql("SHOW TABLES IN spark_catalog.default").collectAsList()) {
      String name = table.getString(1);
      if (name.startsWith("view_")) {
        spark.catalog().dropTempView(name);
      } else if (name.startsWith("table_")) {
        spark.sql("DROP TABLE " + name);
      }
    }
    share.close();
  }

  static List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/sql"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void thereIsAFileForEachFeature() throws IOException {
    assertThat(files()).hasSizeGreaterThanOrEqualTo(9);
  }

  @ParameterizedTest
  @MethodSource("files")
  void rowsAndPlans(String file) throws IOException {
    List<Statement> statements = statements(file);
    assertThat(statements).hasSizeGreaterThan(2);
    for (Statement statement : statements) {
      Dataset<Row> oracle = run(SqlForm.ORACLE, statement);
      String plan = null;
      for (SqlForm form : List.of(SqlForm.CATALOG, SqlForm.TABLE, SqlForm.VIEW)) {
        Dataset<Row> rows = run(form, statement);
        String planned = plan(rows);
        for (String part : statement.plan) {
          assertThat(planned).as("%s of %s", form, statement.sql).contains(part);
        }
        // Columns of changes and ranges in predicates make another plan than ranges in options.
        if (!file.equals("changes.sql")) {
          plan = plan == null ? planned : plan;
          assertThat(planned).as("%s of %s", form, statement.sql).isEqualTo(plan);
        }
        assertThat(Rows.of(rows)).as("%s of %s", form, statement.sql).isEqualTo(Rows.of(oracle));
        assertThat(rows.schema().simpleString()).isEqualTo(oracle.schema().simpleString());
      }
    }
  }

  private static Dataset<Row> run(SqlForm form, Statement statement) {
    String profile = share.profile().toString();
    return TestSpark.session().sql(form.sql(statement.sql, directory, profile));
  }

  /** The plan before it runs: without ids, and with one name for a table. */
  private static String plan(Dataset<Row> rows) {
    return rows.queryExecution()
        .executedPlan()
        .toString()
        .replaceAll("#\\d+L?", "#")
        .replaceAll("plan_id=\\d+", "plan_id")
        .replaceAll("subquery#?,? ?\\[id=#?\\d*\\]", "subquery")
        .replace(SqlForm.CATALOG_NAME + ".share.", "share.");
  }

  private static List<Statement> statements(String file) throws IOException {
    List<Statement> statements = new ArrayList<>();
    List<String> plan = List.of();
    StringBuilder sql = new StringBuilder();
    for (String line : Files.readAllLines(Path.of("src/test/resources/sql", file))) {
      if (line.startsWith(PLAN)) {
        plan = List.of(line.substring(PLAN.length()).trim().split("; "));
      } else if (!line.startsWith("--")) {
        sql.append(line).append('\n');
      }
      if (line.endsWith(";")) {
        statements.add(new Statement(sql.toString().trim().replaceAll(";$", ""), plan));
        sql.setLength(0);
        plan = List.of();
      }
    }
    assertThat(sql.toString()).isBlank();
    return statements;
  }
}
