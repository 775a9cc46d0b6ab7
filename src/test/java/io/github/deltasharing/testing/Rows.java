/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.collection.JavaConverters;

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
    if (value == null) {
      return "null";
    }
    if (value instanceof Row row) {
      List<String> parts = new ArrayList<>();
      for (int i = 0; i < row.length(); i++) {
        parts.add(row.schema().fieldNames()[i] + "=" + render(row.get(i)));
      }
      return "{" + String.join(", ", parts) + "}";
    }
    if (value instanceof scala.collection.Seq<?> seq) {
      List<String> parts = new ArrayList<>();
      JavaConverters.seqAsJavaList(seq).forEach(item -> parts.add(render(item)));
      return parts.toString();
    }
    if (value instanceof scala.collection.Map<?, ?> map) {
      List<String> parts = new ArrayList<>();
      Map<?, ?> java = JavaConverters.mapAsJavaMap(map);
      java.forEach((k, v) -> parts.add(render(k) + "->" + render(v)));
      parts.sort(null);
      return "map" + parts;
    }
    if (value instanceof byte[] bytes) {
      return "x" + HexFormat.of().formatHex(bytes);
    }
    return value.getClass().getSimpleName() + ":" + value;
  }
}
