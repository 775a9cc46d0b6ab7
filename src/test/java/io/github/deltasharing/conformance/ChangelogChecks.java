/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.conformance;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.DataStreamReader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The changes of a catalog's table by Spark's own statement for them. */
@FromSpark("4.2")
@DisplayName("CHANGES FROM")
class ChangelogChecks {
  @BeforeAll
  static void add() {
    Conformance.addCatalog();
  }

  static List<String> histories() {
    return TableReads.HISTORIES;
  }

  private static Dataset<Row> changes(String table, String range) {
    return Conformance.spark()
        .sql("SELECT * FROM shared.share.schema." + table + " CHANGES FROM " + range);
  }

  @DisplayName("all versions")
  @ParameterizedTest(name = "{0}")
  @MethodSource("histories")
  void all(String table) {
    Conformance.assertReads(changes(table, "VERSION 0"), table + ", all changes");
    Conformance.assertReads(
        changes(table, "VERSION 0 WITH (deduplicationMode = 'none')"), table + ", all changes");
  }

  @DisplayName("some versions")
  @ParameterizedTest(name = "{0}")
  @MethodSource("histories")
  void some(String table) {
    for (String range :
        List.of(
            "VERSION 2 TO VERSION 3",
            "VERSION 1 EXCLUSIVE TO VERSION 4 EXCLUSIVE",
            "VERSION 2 INCLUSIVE TO VERSION 3 INCLUSIVE",
            "VERSION 2 TO VERSION 3 WITH (computeUpdates = 'true')")) {
      Conformance.assertReads(changes(table, range), table + ", changes of some versions");
    }
  }

  /** Version N of "plain" was committed at N o'clock. */
  @DisplayName("times")
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          TIMESTAMP '2024-01-01 02:00:00' TO TIMESTAMP '2024-01-01 03:00:00'
          TIMESTAMP '2024-01-01 01:00:00.000001' TO TIMESTAMP '2024-01-01 03:59:59.999999'
          TIMESTAMP '2024-01-01 01:00:00' EXCLUSIVE TO TIMESTAMP '2024-01-01 04:00:00' EXCLUSIVE
          TIMESTAMP '2024-01-01 01:59:59.999999' EXCLUSIVE TO TIMESTAMP '2024-01-01 03:00:00.000001' EXCLUSIVE
          """)
  void times(String range) {
    Conformance.assertReads(changes("plain", range), "plain, changes of some versions");
  }

  @Test
  @DisplayName("filtered")
  void filtered() {
    Conformance.assertReads(
        Conformance.spark()
            .sql(
                "SELECT id, name, _commit_version FROM shared.share.schema.vectors CHANGES FROM VERSION 0"
                    + " WHERE _change_type = 'delete' AND _commit_version > 2"),
        "deletes only");
  }

  @DisplayName("refused")
  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "plain | VERSION 2 WITH (deduplicationMode = 'netChanges') | identity of rows",
        "plain.changes | VERSION 2 | keeps no changes of its own",
        "plain | VERSION 'two' | is not a number",
        "plain | VERSION 3 TO VERSION 2 | before it starts",
        "nothing | VERSION 2 | TABLE_OR_VIEW_NOT_FOUND"
      })
  void refused(String refusal) {
    String[] parts = refusal.split(" \\| ");
    assertThatThrownBy(() -> changes(parts[0], parts[1]).collectAsList())
        .hasMessageContaining(parts[2]);
  }

  /** By name: the suite is compiled against a line without the method. */
  @Test
  @DisplayName("as a stream")
  void stream() throws Exception {
    DataStreamReader reader = Conformance.spark().readStream().option("startingVersion", "0");
    Method changes = DataStreamReader.class.getMethod("changes", String.class);
    @SuppressWarnings("unchecked")
    Dataset<Row> stream = (Dataset<Row>) changes.invoke(reader, "shared.share.schema.mapped");
    List<String> rows = Collections.synchronizedList(new ArrayList<>());
    StreamChecks.run(stream, "changes by name", rows, Integer.MAX_VALUE);
    Conformance.assertSame(
        RenderedRows.of(stream.schema().catalogString(), rows), "stream of changes");
  }
}
