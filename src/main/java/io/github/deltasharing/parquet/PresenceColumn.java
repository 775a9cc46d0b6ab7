/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import io.github.deltasharing.compat.NewerTypes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;

/**
 * A column to read of a struct of which a file has none of the fields that are read. Where a struct
 * is null, how many elements an array of structs has: only the levels of one of its own leaves tell
 * that. It is the leaf of fewest bytes, one that is repeated only where there is no other.
 * Immutable.
 *
 * @param type what to read of the file
 * @param repeated how many lists and maps are between the struct and the leaf
 * @param bytes in the file
 */
record PresenceColumn(DataType type, int repeated, long bytes) {
  private static final Comparator<Candidate> CHEAPEST =
      Comparator.comparingInt((Candidate c) -> c.column().repeated())
          // Spark refuses old times in INT96, read for their presence or not.
          .thenComparing(c -> c.column().type() instanceof TimestampType)
          .thenComparingLong(c -> c.column().bytes());

  private record Candidate(String name, PresenceColumn column) {}

  /**
   * The field to read besides those wanted.
   *
   * @param group a struct in the file
   * @param path of the group, from the file's root
   * @param wanted fields that the file's struct does not have, as they are requested of Spark
   * @param bytes of a leaf's chunks
   */
  static Optional<StructField> of(
      GroupType group, String[] path, StructType wanted, ToLongFunction<ColumnPath> bytes) {
    return cheapest(group, path, Arrays.asList(wanted.fieldNames()), bytes)
        .map(found -> DataTypes.createStructField(found.name(), found.column().type(), true));
  }

  private static Optional<Candidate> cheapest(
      GroupType group, String[] path, List<String> taken, ToLongFunction<ColumnPath> bytes) {
    List<Candidate> candidates = new ArrayList<>();
    for (Type field : group.getFields()) {
      // It is found by its name, in whatever case.
      long named =
          Stream.concat(group.getFields().stream().map(Type::getName), taken.stream())
              .filter(field.getName()::equalsIgnoreCase)
              .count();
      if (named == 1) {
        column(field, path, bytes)
            .ifPresent(column -> candidates.add(new Candidate(field.getName(), column)));
      }
    }
    return candidates.stream().min(CHEAPEST);
  }

  private static Optional<PresenceColumn> column(
      Type field, String[] above, ToLongFunction<ColumnPath> bytes) {
    String[] path = below(above, field);
    return field.isRepetition(Repetition.REPEATED)
        ? list(field, element(field, path, bytes))
        : element(field, path, bytes);
  }

  /** A type as it is where it is repeated already. */
  private static Optional<PresenceColumn> element(
      Type type, String[] path, ToLongFunction<ColumnPath> bytes) {
    if (type.isPrimitive()) {
      return Optional.of(
          new PresenceColumn(
              leaf(type.asPrimitiveType()), 0, bytes.applyAsLong(ColumnPath.get(path))));
    }
    if (NestedShape.isVariant(type)) {
      // Spark takes a group that is marked so for nothing else.
      return NewerTypes.variant()
          .map(variant -> new PresenceColumn(variant, 0, bytes(type, path, bytes)));
    }
    if (NestedShape.isList(type)) {
      return ofList(type.asGroupType(), path, bytes);
    }
    return NestedShape.isMap(type)
        ? ofMap(type, path, bytes)
        : cheapest(type.asGroupType(), path, List.of(), bytes).map(PresenceColumn::struct);
  }

  /** Of all leaves. */
  private static long bytes(Type type, String[] path, ToLongFunction<ColumnPath> bytes) {
    return type.isPrimitive()
        ? bytes.applyAsLong(ColumnPath.get(path))
        : type.asGroupType().getFields().stream()
            .mapToLong(field -> bytes(field, below(path, field), bytes))
            .sum();
  }

  private static Optional<PresenceColumn> ofList(
      GroupType list, String[] path, ToLongFunction<ColumnPath> bytes) {
    Type element = NestedShape.element(list);
    if (element == null) {
      return Optional.empty();
    }
    Type repeated = list.getType(0);
    String[] inside = below(path, repeated);
    return list(
        list,
        element == repeated ? element(element, inside, bytes) : column(element, inside, bytes));
  }

  private static Optional<PresenceColumn> ofMap(
      Type map, String[] path, ToLongFunction<ColumnPath> bytes) {
    GroupType entry = NestedShape.entry(map);
    if (entry == null) {
      return Optional.empty();
    }
    String[] inside = below(path, entry);
    Optional<PresenceColumn> key = column(entry.getType(0), inside, bytes);
    Optional<PresenceColumn> value = column(entry.getType(1), inside, bytes);
    return key.isEmpty() || value.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new PresenceColumn(
                new MapType(key.get().type, value.get().type, true),
                1 + Math.max(key.get().repeated, value.get().repeated),
                key.get().bytes + value.get().bytes));
  }

  private static PresenceColumn struct(Candidate field) {
    PresenceColumn column = field.column();
    return new PresenceColumn(
        new StructType().add(field.name(), column.type), column.repeated, column.bytes);
  }

  private static Optional<PresenceColumn> list(Type list, Optional<PresenceColumn> element) {
    return element.map(
        column ->
            new PresenceColumn(
                new ArrayType(column.type, true), column.repeated + 1, column.bytes));
  }

  private static String[] below(String[] path, Type field) {
    String[] below = Arrays.copyOf(path, path.length + 1);
    below[path.length] = field.getName();
    return below;
  }

  /** What Spark's readers take such values for without a look at what they mean. */
  private static DataType leaf(PrimitiveType leaf) {
    return switch (leaf.getPrimitiveTypeName()) {
      case BOOLEAN -> DataTypes.BooleanType;
      case INT32 -> DataTypes.IntegerType;
      case INT64 -> DataTypes.LongType;
      case FLOAT -> DataTypes.FloatType;
      case DOUBLE -> DataTypes.DoubleType;
      case INT96 -> DataTypes.TimestampType;
      case BINARY, FIXED_LEN_BYTE_ARRAY -> DataTypes.BinaryType;
    };
  }
}
