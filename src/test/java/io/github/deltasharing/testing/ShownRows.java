/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import scala.collection.JavaConverters;

/** Rows that Spark has read, as a preview shows them. */
public final class ShownRows {
  private static final String JAVA_8 = "spark.sql.datetime.java8API.enabled";
  private static final long MOST_EXACT = 1L << 53;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ShownRows() {}

  /** All rows, each as JSON. */
  public static List<String> of(Dataset<Row> data) {
    SparkSession spark = data.sparkSession();
    spark.conf().set(JAVA_8, "true");
    try {
      List<String> rows = new ArrayList<>();
      // What decodes the rows is made anew, with that setting.
      for (Row row : data.toDF().collectAsList()) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
          values.add(value(row.get(i)));
        }
        rows.add(MAPPER.valueToTree(values).toString());
      }
      return rows;
    } finally {
      spark.conf().unset(JAVA_8);
    }
  }

  private static Object value(Object value) {
    if (value instanceof Long number) {
      return number <= MOST_EXACT && number >= -MOST_EXACT ? value : number.toString();
    } else if (value instanceof BigDecimal number) {
      return number.toPlainString();
    } else if (value instanceof Double number) {
      return number.isNaN() || number.isInfinite() ? number.toString() : number;
    } else if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    } else if (value instanceof Row row) {
      Map<String, Object> fields = new LinkedHashMap<>();
      for (int i = 0; i < row.size(); i++) {
        fields.put(row.schema().fields()[i].name(), value(row.get(i)));
      }
      return fields;
    } else if (value instanceof scala.collection.Seq<?> list) {
      return JavaConverters.seqAsJavaList(list).stream()
          .collect(
              ArrayList::new, (all, one) -> all.add(value(one)), (all, more) -> all.addAll(more));
    } else if (value instanceof scala.collection.Map<?, ?> map) {
      Map<String, Object> entries = new LinkedHashMap<>();
      JavaConverters.mapAsJavaMap(map)
          .forEach((key, one) -> entries.put(String.valueOf(value(key)), value(one)));
      return entries;
    }
    return value == null || value instanceof Number || value instanceof Boolean
        ? value
        : value.toString();
  }
}
