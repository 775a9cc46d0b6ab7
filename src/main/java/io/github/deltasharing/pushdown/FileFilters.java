/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.pushdown;

import io.github.deltasharing.table.FileFilter;
import io.github.deltasharing.table.FilterValue;
import io.github.deltasharing.table.ValueKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Makes predicates decidable file by file. */
final class FileFilters {
  private FileFilters() {}

  /** The filter that keeps every file of which some row may match. */
  static FileFilter of(ColumnPredicate predicate) {
    if (predicate instanceof ColumnPredicate.And and) {
      return FileFilter.and(and.children().stream().map(FileFilters::of).toList());
    } else if (predicate instanceof ColumnPredicate.Or or) {
      return FileFilter.or(or.children().stream().map(FileFilters::of).toList());
    } else if (predicate instanceof ColumnPredicate.Not not) {
      return FileFilter.not(of(not.child()));
    } else if (predicate instanceof ColumnPredicate.IsNull isNull) {
      return FileFilter.isNull(isNull.column().file());
    } else if (predicate instanceof ColumnPredicate.Constant constant) {
      return constant.value() == null
          ? FileFilter.NULL
          : constant.value() ? FileFilter.TRUE : FileFilter.FALSE;
    }
    return ofValues(predicate);
  }

  private static FileFilter ofValues(ColumnPredicate predicate) {
    if (predicate instanceof ColumnPredicate.Comparison comparison
        && comparison.column().kind().isPresent()) {
      return CatalystValues.comparable(comparison.value())
          .map(FileFilter.Operand::of)
          .map(
              value ->
                  FileFilter.compare(comparison.comparator(), comparison.column().file(), value))
          .orElse(FileFilter.ANYTHING);
    } else if (predicate instanceof ColumnPredicate.Columns columns
        && columns.left().kind().isPresent()
        && columns.right().kind().isPresent()) {
      return FileFilter.compare(
          columns.comparator(), columns.left().file(), columns.right().file());
    } else if (predicate instanceof ColumnPredicate.In in && in.column().kind().isPresent()) {
      return in(in);
    } else if (predicate instanceof ColumnPredicate.Text text
        && text.column().kind().equals(Optional.of(ValueKind.STRING))) {
      return text(text);
    }
    return FileFilter.ANYTHING;
  }

  private static FileFilter in(ColumnPredicate.In in) {
    List<FilterValue> values = new ArrayList<>();
    for (Object value : in.values()) {
      Optional<FilterValue> comparable = CatalystValues.comparable(value);
      if (comparable.isEmpty()) {
        return FileFilter.ANYTHING;
      }
      values.add(comparable.get());
    }
    return FileFilter.in(in.column().file(), values, in.orNull());
  }

  private static FileFilter text(ColumnPredicate.Text text) {
    return switch (text.test()) {
      case STARTS_WITH -> FileFilter.startsWith(text.column().file(), text.piece());
      case ENDS_WITH ->
          FileFilter.test(text.column().file(), value -> value.endsWith(text.piece()));
      case CONTAINS -> FileFilter.test(text.column().file(), value -> value.contains(text.piece()));
    };
  }

  /** Whether partition values alone decide the predicate, for every file and exactly. */
  static boolean isExact(ColumnPredicate predicate) {
    if (predicate instanceof ColumnPredicate.And and) {
      return and.children().stream().allMatch(FileFilters::isExact);
    } else if (predicate instanceof ColumnPredicate.Or or) {
      return or.children().stream().allMatch(FileFilters::isExact);
    } else if (predicate instanceof ColumnPredicate.Not not) {
      return isExact(not.child());
    } else if (predicate instanceof ColumnPredicate.Other) {
      return false;
    } else if (predicate instanceof ColumnPredicate.Comparison comparison) {
      return CatalystValues.comparable(comparison.value()).isPresent()
          && isExact(comparison.column());
    } else if (predicate instanceof ColumnPredicate.In in) {
      return in.values().stream().allMatch(value -> CatalystValues.comparable(value).isPresent())
          && isExact(in.column());
    } else if (predicate instanceof ColumnPredicate.IsNull isNull) {
      return isNull.column().isPartition();
    }
    return columns(predicate).stream().allMatch(FileFilters::isExact);
  }

  private static boolean isExact(ScanColumn column) {
    return column.file().isExactPartition();
  }

  /** Whether the predicate names partition columns only. */
  static boolean isOfPartitions(ColumnPredicate predicate) {
    return columns(predicate).stream().allMatch(ScanColumn::isPartition);
  }

  /** All columns that the predicate names. */
  static List<ScanColumn> columns(ColumnPredicate predicate) {
    List<ScanColumn> found = new ArrayList<>();
    collect(predicate, found::add);
    return found;
  }

  private static void collect(ColumnPredicate predicate, Consumer<ScanColumn> out) {
    if (predicate instanceof ColumnPredicate.And and) {
      and.children().forEach(child -> collect(child, out));
    } else if (predicate instanceof ColumnPredicate.Or or) {
      or.children().forEach(child -> collect(child, out));
    } else if (predicate instanceof ColumnPredicate.Not not) {
      collect(not.child(), out);
    } else if (predicate instanceof ColumnPredicate.Comparison comparison) {
      out.accept(comparison.column());
    } else if (predicate instanceof ColumnPredicate.Columns columns) {
      out.accept(columns.left());
      out.accept(columns.right());
    } else if (predicate instanceof ColumnPredicate.In in) {
      out.accept(in.column());
    } else if (predicate instanceof ColumnPredicate.IsNull isNull) {
      out.accept(isNull.column());
    } else if (predicate instanceof ColumnPredicate.Text text) {
      out.accept(text.column());
    }
  }
}
