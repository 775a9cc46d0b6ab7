/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import io.github.deltasharing.error.FileErrors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What a file's schema and its null counts say of columns that the table says are never null. For
 * one split; used by the task's thread.
 */
final class NullCounts {
  private final ColumnMatcher matcher;
  private final Collection<BlockMetaData> rowGroups;
  private Set<ColumnPath> withoutNulls;

  /**
   * @param rowGroups those that rows are read of
   */
  NullCounts(ColumnMatcher matcher, Collection<BlockMetaData> rowGroups) {
    this.matcher = matcher;
    this.rowGroups = rowGroups;
  }

  /** What of the columns read may be null against the schema; null where nothing may. */
  NotNullColumns unsure(StructType read, GroupType schema, ColumnPlace place) {
    List<NotNullColumns.Node> columns = fields(read, schema, place);
    return columns.isEmpty() ? null : new NotNullColumns(place.file(), columns);
  }

  /**
   * Refuses a file that says itself that it has nulls in columns that are not read. Spark leaves
   * out a condition or an argument that cannot be null by the schema, so that they may be part of
   * the query all the same.
   *
   * @param unread columns of the table
   */
  void refuse(StructType unread, GroupType schema, ColumnPlace place) {
    for (StructField field : unread.fields()) {
      Type inFile = matcher.find(field, schema);
      if (inFile != null
          && inFile.isPrimitive()
          && inFile.isRepetition(Repetition.OPTIONAL)
          && hasNulls(ColumnPath.get(inFile.getName()))) {
        throw FileErrors.nullInColumn(
            place.file().table(),
            place.file().id(),
            place.file().url().host(),
            place.named(field).column());
      }
    }
  }

  private List<NotNullColumns.Node> fields(StructType wanted, GroupType group, ColumnPlace place) {
    List<NotNullColumns.Node> nodes = new ArrayList<>();
    for (int i = 0; i < wanted.length(); i++) {
      StructField field = wanted.fields()[i];
      boolean isSure =
          field.nullable()
              && !(field.dataType() instanceof StructType)
              && !(field.dataType() instanceof ArrayType)
              && !(field.dataType() instanceof MapType);
      Type inFile = isSure ? null : matcher.find(field, group);
      if (inFile != null) {
        add(
            nodes,
            i,
            field.dataType(),
            !field.nullable(),
            inFile,
            place.named(field).below(inFile));
      }
    }
    return nodes;
  }

  private void add(
      List<NotNullColumns.Node> nodes,
      int ordinal,
      DataType type,
      boolean notNull,
      Type inFile,
      ColumnPlace place) {
    boolean required =
        notNull && inFile.isRepetition(Repetition.OPTIONAL) && !hasNoNulls(place.path());
    List<NotNullColumns.Node> inside = inside(type, inFile, place);
    if (required || !inside.isEmpty()) {
      nodes.add(new NotNullColumns.Node(ordinal, place.column(), type, required, inside));
    }
  }

  private List<NotNullColumns.Node> inside(DataType type, Type inFile, ColumnPlace place) {
    if (inFile.isPrimitive()) {
      return List.of();
    }
    if (type instanceof StructType struct) {
      return fields(struct, inFile.asGroupType(), place);
    }
    List<NotNullColumns.Node> nodes = new ArrayList<>();
    if (type instanceof ArrayType array) {
      Type element = NestedShape.element(inFile);
      if (element != null) {
        ColumnPlace inside = FileTypes.elementPlace(inFile, element, place);
        add(nodes, 0, array.elementType(), !array.containsNull(), element, inside);
      }
    } else if (type instanceof MapType map && NestedShape.entry(inFile) != null) {
      GroupType entry = NestedShape.entry(inFile);
      Type key = entry.getType(0);
      Type value = entry.getType(1);
      ColumnPlace inside = place.below(entry);
      add(nodes, 0, map.keyType(), false, key, inside.below(key));
      add(nodes, 1, map.valueType(), !map.valueContainsNull(), value, inside.below(value));
    }
    return nodes;
  }

  /** A leaf that is never null has nothing above it that is. */
  private boolean hasNoNulls(String[] path) {
    if (withoutNulls == null) {
      withoutNulls = new HashSet<>();
      Set<ColumnPath> others = new HashSet<>();
      for (BlockMetaData rowGroup : rowGroups) {
        for (ColumnChunkMetaData chunk : rowGroup.getColumns()) {
          (nulls(chunk) == 0 ? withoutNulls : others).add(chunk.getPath());
        }
      }
      withoutNulls.removeAll(others);
    }
    return withoutNulls.contains(ColumnPath.get(path))
        || withoutNulls.stream().anyMatch(leaf -> isBelow(leaf.toArray(), path));
  }

  private static boolean isBelow(String[] leaf, String[] path) {
    return leaf.length > path.length && Arrays.equals(leaf, 0, path.length, path, 0, path.length);
  }

  private boolean hasNulls(ColumnPath column) {
    return rowGroups.stream()
        .flatMap(rowGroup -> rowGroup.getColumns().stream())
        .anyMatch(chunk -> chunk.getPath().equals(column) && nulls(chunk) > 0);
  }

  /** Of a chunk; negative where it does not say. */
  private static long nulls(ColumnChunkMetaData chunk) {
    Statistics<?> statistics = chunk.getStatistics();
    return statistics == null || !statistics.isNumNullsSet() ? -1 : statistics.getNumNulls();
  }
}
