/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The share as a catalog of the session. */
@DisplayName("catalog")
class CatalogChecks {
  @BeforeAll
  static void add() {
    Conformance.addCatalog();
  }

  private static Dataset<Row> sql(String statement) {
    return Conformance.spark().sql(statement);
  }

  private static List<String> column(Dataset<Row> rows, String name) {
    return rows.collectAsList().stream().map(row -> row.<String>getAs(name)).toList();
  }

  @DisplayName("SELECT")
  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "primitives",
        "nested",
        "partitioned_types",
        "deletion_vectors",
        "mapped_id",
        "odd_names"
      })
  void select(String table) {
    Conformance.assertReads(sql("SELECT * FROM shared.share.schema." + table), table);
    Conformance.assertReads(Conformance.spark().table("shared.share.schema." + table), table);
  }

  @Test
  @DisplayName("time travel")
  void timeTravel() {
    String table = "SELECT * FROM shared.share.schema.plain ";
    Conformance.assertReads(sql(table + "VERSION AS OF 3"), "plain as of version 3");
    Conformance.assertReads(sql(table + "FOR VERSION AS OF 8"), "plain as of version 8");
    Conformance.assertReads(
        sql(table + "TIMESTAMP AS OF '2024-01-01 05:30:00'"), "plain as of a time");
  }

  @Test
  @DisplayName("SHOW NAMESPACES")
  void namespaces() {
    assertThat(column(sql("SHOW NAMESPACES IN shared"), "namespace")).containsExactly("share");
    assertThat(column(sql("SHOW NAMESPACES IN shared.share"), "namespace"))
        .containsExactly("share.schema");
  }

  @Test
  @DisplayName("SHOW TABLES")
  void tables() {
    assertThat(column(sql("SHOW TABLES IN shared.share.schema"), "tableName"))
        .containsAll(TableReads.TABLES)
        .containsAll(TableReads.HISTORIES)
        .containsAll(NewerReads.TABLES)
        .hasSize(TableReads.TABLES.size() + TableReads.HISTORIES.size() + NewerReads.TABLES.size());
    assertThat(column(sql("SHOW TABLES IN shared.share.schema LIKE 'mapped_*'"), "tableName"))
        .containsExactlyInAnyOrder("mapped_name", "mapped_id", "mapped_then_deleted");
  }

  @Test
  @DisplayName("DESCRIBE")
  void describe() {
    assertThat(column(sql("DESCRIBE TABLE shared.share.schema.stores"), "col_name"))
        .contains("store", "label", "lowest");
  }

  @Test
  @DisplayName("the table of changes")
  void changes() {
    Conformance.assertReads(
        sql("SELECT * FROM shared.share.schema.plain.changes"), "plain, all changes");
    Conformance.assertReads(
        sql(
            "SELECT id, name, _commit_version FROM shared.share.schema.vectors.changes"
                + " WHERE _change_type = 'delete' AND _commit_version > 2"),
        "deletes only");
  }
}
