/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Tuple2;
import scala.collection.Iterator;

/**
 * The rows of a query as JSON that any language can compare with: decimals and times as texts,
 * floating-point numbers as the bits of a double, bytes as hexadecimal digits, maps as lists of
 * pairs. {@code values.py} makes the same of values in Python.
 *
 * @param schema Spark's JSON of it
 * @param rows each an object, in no order
 */
public record JsonRows(
    @JsonProperty("schema") @JsonRawValue String schema, @JsonProperty("rows") List<Object> rows) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS");

  /** Runs a query. */
  public static JsonRows of(Dataset<Row> data) {
    List<Object> rows = new ArrayList<>();
    data.collectAsList().forEach(row -> rows.add(plain(row)));
    return new JsonRows(data.schema().json(), rows);
  }

  private static Object plain(Object value) {
    if (value instanceof Row row) {
      Map<String, Object> fields = new LinkedHashMap<>();
      for (int i = 0; i < row.length(); i++) {
        fields.put(row.schema().fieldNames()[i], plain(row.get(i)));
      }
      return fields;
    }
    if (value instanceof scala.collection.Map<?, ?> map) {
      List<Object> pairs = new ArrayList<>();
      for (Iterator<?> entries = map.iterator(); entries.hasNext(); ) {
        Tuple2<?, ?> entry = (Tuple2<?, ?>) entries.next();
        pairs.add(Arrays.asList(plain(entry._1()), plain(entry._2())));
      }
      return pairs;
    }
    if (value instanceof scala.collection.Iterable<?> items) {
      List<Object> list = new ArrayList<>();
      for (Iterator<?> each = items.iterator(); each.hasNext(); ) {
        list.add(plain(each.next()));
      }
      return list;
    }
    return scalar(value);
  }

  private static Object scalar(Object value) {
    if (value instanceof Double || value instanceof Float) {
      return "%016x".formatted(Double.doubleToLongBits(((Number) value).doubleValue()));
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    }
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    if (value instanceof Timestamp time) {
      return TIME.format(time.toInstant().atOffset(ZoneOffset.UTC)) + "Z";
    }
    if (value instanceof LocalDateTime time) {
      return TIME.format(time);
    }
    if (value instanceof java.sql.Date date) {
      return date.toString();
    }
    return value; // A string, a boolean, a whole number or null.
  }
}
