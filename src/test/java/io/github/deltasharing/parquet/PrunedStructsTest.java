/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.collection.JavaConverters;

/**
 * Random nested columns of random files, some of their fields, and fields that the files lack: what
 * is read of them is what a read of all fields has there.
 */
class PrunedStructsTest {
  private static final DataType[] LEAVES = {
    DataTypes.IntegerType,
    DataTypes.LongType,
    DataTypes.StringType,
    DataTypes.BooleanType,
    DataTypes.DateType,
    DataTypes.TimestampType,
    DataTypes.DoubleType,
    DataTypes.createDecimalType(9, 2),
    DataTypes.createDecimalType(30, 2)
  };

  @TempDir static Path directory;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whatIsLeftOfAnUnprunedRead(long seed) throws Exception {
    Random random = new Random(seed);
    StructType stored = columns(random);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      rows.add((Row) value(random, stored, 0));
    }
    Dataset<Row> data = TestSpark.session().createDataFrame(rows, stored);
    StructType evolved = (StructType) evolved(random, stored, true);
    try (ServedParquet file =
        new ServedParquet(ServedParquet.write(data, directory.resolve("s" + seed), Map.of()))) {
      for (int i = 0; i < 12; i++) {
        StructType pruned = (StructType) pruned(random, evolved, i % 3 == 0);
        List<String> expected =
            rows.stream().map(row -> Rows.render(seen(row, stored, pruned))).sorted().toList();
        for (boolean columnar : new boolean[] {true, false}) {
          Dataset<Row> read = file.read(pruned, List.of(), columnar, 1).drop("pos");
          List<String> actual =
              read.collectAsList().stream()
                  .map(row -> Rows.render(seen(row, pruned, pruned)))
                  .sorted()
                  .toList();
          assertThat(actual).as(stored.sql() + " read as " + pruned.sql()).isEqualTo(expected);
        }
      }
    }
  }

  private static StructType columns(Random random) {
    StructType columns = new StructType();
    for (int i = 0; i < 4; i++) {
      columns = columns.add("c" + i, nested(random, 3));
    }
    return columns;
  }

  private static DataType nested(Random random, int depth) {
    int kind = depth == 0 ? 3 : random.nextInt(5);
    if (kind == 0) {
      return new ArrayType(nested(random, depth - 1), true);
    } else if (kind == 1) {
      return new MapType(DataTypes.StringType, nested(random, depth - 1), true);
    } else if (kind == 3 && depth < 3) {
      return LEAVES[random.nextInt(LEAVES.length)];
    }
    StructType struct = new StructType();
    for (int i = 0; i <= random.nextInt(3); i++) {
      struct = struct.add("f" + i, nested(random, Math.max(0, depth - 1)));
    }
    return struct;
  }

  /** With fields that are newer. */
  private static DataType evolved(Random random, DataType type, boolean top) {
    if (type instanceof StructType struct) {
      StructType result = new StructType();
      for (StructField field : struct.fields()) {
        result = result.add(field.name(), evolved(random, field.dataType(), false));
      }
      return top ? result : result.add("n", nested(random, 1));
    } else if (type instanceof ArrayType array) {
      return new ArrayType(evolved(random, array.elementType(), false), true);
    } else if (type instanceof MapType map) {
      return new MapType(map.keyType(), evolved(random, map.valueType(), false), true);
    }
    return type;
  }

  private static DataType pruned(Random random, DataType type, boolean newest) {
    if (type instanceof StructType struct) {
      StructType result = new StructType();
      while (result.isEmpty()) {
        for (StructField field : struct.fields()) {
          boolean last = field == struct.fields()[struct.length() - 1];
          if (newest && struct.length() > 1 && !struct.fieldNames()[0].startsWith("c")
              ? last
              : random.nextInt(3) == 0) {
            result = result.add(field.name(), pruned(random, field.dataType(), newest));
          }
        }
      }
      return result;
    } else if (type instanceof ArrayType array) {
      return new ArrayType(pruned(random, array.elementType(), newest), true);
    } else if (type instanceof MapType map) {
      return new MapType(map.keyType(), pruned(random, map.valueType(), newest), true);
    }
    return type;
  }

  private static Object value(Random random, DataType type, int depth) {
    if (depth > 0 && random.nextInt(4) == 0) {
      return null;
    }
    if (type instanceof StructType struct) {
      Object[] values = new Object[struct.length()];
      for (int i = 0; i < values.length; i++) {
        values[i] = value(random, struct.fields()[i].dataType(), depth + 1);
      }
      return RowFactory.create(values);
    } else if (type instanceof ArrayType array) {
      List<Object> values = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        values.add(value(random, array.elementType(), depth + 1));
      }
      return JavaConverters.asScalaBuffer(values).toSeq();
    } else if (type instanceof MapType map) {
      Map<Object, Object> values = new java.util.HashMap<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        values.put("k" + i, value(random, map.valueType(), depth + 1));
      }
      return JavaConverters.mapAsScalaMap(values);
    }
    int n = random.nextInt(1_000);
    return switch (type.typeName().replaceAll("\\(.*", "")) {
      case "integer" -> n;
      case "long" -> (long) n;
      case "string" -> "s" + n;
      case "boolean" -> n % 2 == 0;
      case "date" -> java.sql.Date.valueOf("2024-01-01");
      case "timestamp" -> new java.sql.Timestamp(n * 1_000L);
      case "double" -> n / 4.0;
      default -> java.math.BigDecimal.valueOf(n, 2);
    };
  }

  /** The fields of {@code to} in a value of type {@code from}, as lists of values. */
  private static Object seen(Object value, DataType from, DataType to) {
    if (value == null) {
      return null;
    }
    if (to instanceof StructType struct) {
      StructType had = (StructType) from;
      Row row = (Row) value;
      List<Object> values = new ArrayList<>();
      for (StructField field : struct.fields()) {
        int at = List.of(had.fieldNames()).indexOf(field.name());
        values.add(
            at < 0 ? null : seen(row.get(at), had.fields()[at].dataType(), field.dataType()));
      }
      return JavaConverters.asScalaBuffer(values).toSeq();
    } else if (to instanceof ArrayType array) {
      List<Object> values = new ArrayList<>();
      for (Object element : JavaConverters.seqAsJavaList((scala.collection.Seq<?>) value)) {
        values.add(seen(element, ((ArrayType) from).elementType(), array.elementType()));
      }
      return JavaConverters.asScalaBuffer(values).toSeq();
    } else if (to instanceof MapType map) {
      Map<Object, Object> values = new java.util.HashMap<>();
      JavaConverters.mapAsJavaMap((scala.collection.Map<?, ?>) value)
          .forEach((k, v) -> values.put(k, seen(v, ((MapType) from).valueType(), map.valueType())));
      return JavaConverters.mapAsScalaMap(values);
    }
    return value instanceof java.math.BigDecimal decimal ? decimal.setScale(2) : value;
  }
}
