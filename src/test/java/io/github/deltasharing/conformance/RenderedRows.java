/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Tuple2;
import scala.collection.Iterable;
import scala.collection.Iterator;

/**
 * The schema and the sorted rows of a query as lines of text, every value with its type: what Delta
 * Lake read is kept so in files.
 *
 * @param lines the schema, then the rows
 */
public record RenderedRows(List<String> lines) {
  /** Runs a query. */
  public static RenderedRows of(Dataset<Row> query) {
    List<String> rows = new ArrayList<>();
    query.collectAsList().forEach(row -> rows.add(render(row)));
    return of(query.schema().catalogString(), rows);
  }

  /** Rows that are rendered already, in any order. */
  public static RenderedRows of(String schema, List<String> rows) {
    List<String> lines = new ArrayList<>(rows);
    lines.sort(null);
    lines.add(0, schema);
    return new RenderedRows(lines);
  }

  /** Reads what {@link #write} wrote. */
  public static RenderedRows read(Path file) {
    try {
      return new RenderedRows(Files.readAllLines(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Keeps it in a file. */
  public void write(Path file) {
    try {
      Files.write(file, lines, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A value with its type, on one line; of a row, all its columns. */
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
    if (value instanceof scala.collection.Map<?, ?> map) {
      List<String> parts = new ArrayList<>();
      for (Iterator<?> entries = map.iterator(); entries.hasNext(); ) {
        Tuple2<?, ?> entry = (Tuple2<?, ?>) entries.next();
        parts.add(render(entry._1()) + "->" + render(entry._2()));
      }
      parts.sort(null);
      return "map" + parts;
    }
    if (value instanceof Iterable<?> items) {
      List<String> parts = new ArrayList<>();
      for (Iterator<?> each = items.iterator(); each.hasNext(); ) {
        parts.add(render(each.next()));
      }
      return parts.toString();
    }
    if (value instanceof byte[] bytes) {
      return "x" + HexFormat.of().formatHex(bytes);
    }
    String text = value.toString().replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    return value.getClass().getSimpleName() + ":" + text;
  }
}
