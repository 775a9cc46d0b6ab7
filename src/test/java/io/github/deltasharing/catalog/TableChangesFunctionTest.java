/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.StreamRuns;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The functions of {@link SharingExtensions}, beside Delta Lake's of the same names. */
class TableChangesFunctionTest {
  @TempDir static Path directory;
  static TestShare share;

  /** A session in which the functions are ours; in all others they are Delta Lake's. */
  static SparkSession ours;

  @BeforeAll
  static void start() {
    StreamRuns.interpret(true);
    SparkSession spark = TestSpark.session();
    for (String table : List.of("t", "without")) {
      spark.sql(
          "CREATE TABLE delta.`%s` (id BIGINT, p INT) USING delta PARTITIONED BY (p) TBLPROPERTIES ('delta.enableChangeDataFeed' = '%s')"
              .formatted(directory.resolve(table), table.equals("t")));
      spark.sql(
          "INSERT INTO delta.`%s` SELECT id, id %% 3 FROM range(0, 10)"
              .formatted(directory.resolve(table)));
      spark.sql("UPDATE delta.`%s` SET p = 7 WHERE id = 4".formatted(directory.resolve(table)));
      spark.sql("DELETE FROM delta.`%s` WHERE id = 5".formatted(directory.resolve(table)));
    }
    share = TestShare.withHistory(directory, List.of("t", "without"));
    TestCatalogs.add("of_functions", share.profile(), Map.of());
    TestCatalogs.add("mounted", share.profile(), Map.of("share", "share"));
    ours = spark.newSession();
    SparkSessionExtensions extensions = new SparkSessionExtensions();
    new SharingExtensions().apply(extensions);
    extensions.registerTableFunctions(ours.sessionState().tableFunctionRegistry());
    for (String catalog : List.of("of_functions", "mounted")) {
      for (String key : List.of("", ".profile", ".share")) {
        String name = "spark.sql.catalog." + catalog + key;
        if (spark.conf().contains(name)) {
          ours.conf().set(name, spark.conf().get(name));
        }
      }
    }
  }

  @AfterAll
  static void stop() {
    StreamRuns.interpret(false);
    share.close();
  }

  private static Dataset<Row> oracle(String range) {
    return TestSpark.session()
        .sql(
            "SELECT * FROM table_changes_by_path('%s', %s)"
                .formatted(directory.resolve("t"), range))
        .drop("_commit_timestamp");
  }

  private static Dataset<Row> changes(String call) {
    return ours.sql("SELECT * FROM " + call).drop("_commit_timestamp");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"0", "1", "1, 2", "2, 2", "3", "1L, 3L", "CAST(1 AS BIGINT), 1 + 1"})
  void versions(String range) {
    Rows.assertSame(
        changes("table_changes('of_functions.share.schema.t', %s)".formatted(range)),
        oracle(range));
    Rows.assertSame(
        changes("table_changes('mounted.schema.`t`', %s)".formatted(range)), oracle(range));
    Rows.assertSame(
        changes(
            "shared_table_changes('OF_FUNCTIONS.Share.Schema.T', %s)"
                .formatted(range)
                .replace("OF_FUNCTIONS", "of_functions")),
        oracle(range));
    Rows.assertSame(
        changes("table_changes_by_path('%s', %s)".formatted(share.path("t"), range)),
        oracle(range));
  }

  @Test
  void times() {
    List<Timestamp> commits =
        TestSpark.session()
            .sql("DESCRIBE HISTORY delta.`" + directory.resolve("t") + "`")
            .orderBy("version")
            .select("timestamp")
            .collectAsList()
            .stream()
            .map(row -> row.getTimestamp(0))
            .toList();
    String first = "'" + commits.get(1) + "'";
    String last = "'" + commits.get(2) + "'";
    for (String range :
        List.of(
            first + ", " + last, first, "TIMESTAMP" + first + ", TIMESTAMP" + last, "1, " + last)) {
      // Delta Lake takes times as strings only.
      Rows.assertSame(
          changes("table_changes('of_functions.share.schema.t', %s)".formatted(range)),
          oracle(range.replace("TIMESTAMP", "")));
    }
  }

  @Test
  void namesInTheCurrentCatalog() {
    ours.sql("USE mounted.schema");
    try {
      Rows.assertSame(changes("table_changes('t', 1)"), oracle("1"));
      Rows.assertSame(changes("table_changes('schema.t', 1, 2)"), oracle("1, 2"));
    } finally {
      ours.sql("USE spark_catalog.default");
    }
  }

  @Test
  void joinsAndPredicates() {
    Rows.assertSame(
        ours.sql(
            "SELECT c.id, t.p FROM table_changes('of_functions.share.schema.t', 2, 3) c JOIN of_functions.share.schema.t t"
                + " ON c.id = t.id WHERE c._change_type = 'update_postimage' AND c.p = 7"),
        TestSpark.session().sql("SELECT 4L AS id, 7 AS p"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "table_changes('of_functions.share.schema.t') / 1 arguments",
        "table_changes('of_functions.share.schema.t', 1, 2, 3) / 4 arguments",
        "table_changes(1, 1) / the table is no string",
        "table_changes('of_functions.share.schema.t', NULL) / the start is NULL",
        "table_changes('of_functions.share.schema.t', rand()) / the start is no constant",
        "table_changes('of_functions.share.schema.t', element_at(array(1), 0)) / the start is no constant that can be evaluated",
        "table_changes('of_functions.share.schema.t', 1, true) / the end is of type boolean",
        "table_changes('a b', 1) / is no name of a table",
        "table_changes('spark_catalog.default.x', 1) / spark_catalog is no catalog of shares",
        "table_changes('x', 1) / spark_catalog is no catalog of shares",
        "table_changes('of_functions.schema.t', 1) / of_functions.<share>.<schema>.<table>",
        "table_changes('of_functions.share.schema.none', 1) / share.schema.none",
        "table_changes('of_functions.share.schema.without', 1) / share.schema.without",
        "table_changes('of_functions.share.schema.t', 2, 1) / 'endingVersion'",
        "table_changes_by_path('share.schema.t', 1) / it has no '#'"
      })
  void whatCannotBeReadSaysWhy(String callAndReason) {
    String[] parts = callAndReason.split(" / ", -1);
    assertThatThrownBy(() -> ours.sql("SELECT * FROM " + parts[0]).collectAsList())
        .hasStackTraceContaining(parts[1]);
  }

  @Test
  void deltaLakesFunctionsStayInOtherSessions() {
    assertThat(
            TestSpark.session()
                .newSession()
                .sql(
                    "SELECT * FROM table_changes_by_path('%s', 1)"
                        .formatted(directory.resolve("t")))
                .count())
        .isEqualTo(13);
  }
}
