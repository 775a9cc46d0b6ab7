/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.conformance.RenderedRows;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Compares DataFrames as sorted multisets of rows, every value rendered with its type. */
public final class Rows {
  private Rows() {}

  /** All rows, rendered and sorted. */
  public static List<String> of(Dataset<Row> data) {
    List<String> rows = new ArrayList<>();
    for (Row row : data.collectAsList()) {
      rows.add(render(row));
    }
    rows.sort(null);
    return rows;
  }

  /** Asserts the same columns, types and rows, columns matched by name. */
  public static void assertSame(Dataset<Row> actual, Dataset<Row> expected) {
    assertThat(actual.schema().simpleString()).isEqualTo(expected.schema().simpleString());
    List<String> expectedRows = of(expected);
    assertThat(of(actual)).hasSameSizeAs(expectedRows).isEqualTo(expectedRows);
  }

  /** A value with its type; of a row, all its columns. */
  public static String render(Object value) {
    return RenderedRows.render(value);
  }
}
