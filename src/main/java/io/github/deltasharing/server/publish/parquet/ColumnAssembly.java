/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.parquet;

import io.github.deltasharing.server.publish.csv.ColumnType;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;

/**
 * Puts the values of a column together of those of its leaves, by their levels: a struct is an
 * array of its fields, an array one of its elements, a map two of them, keys and values. Leaves
 * whose levels contradict each other are damaged. Used by one thread.
 */
abstract sealed class ColumnAssembly {
  /** The assembly of a column as values of a type, which is its own or a wider one. */
  static ColumnAssembly of(ParquetNode node, ColumnType type, RowBudget budget) {
    List<ColumnAssembly> parts = new ArrayList<>();
    for (int i = 0; i < node.parts().size(); i++) {
      parts.add(of(node.parts().get(i), type.part(i), budget));
    }
    return switch (type.kind()) {
      case STRUCT -> new Struct(node, parts);
      case ARRAY, MAP -> new Repeated(node, parts, budget);
      default -> new Leaf(node, type, budget);
    };
  }

  /** Begins another row group. */
  abstract void open(ColumnReadStoreImpl group);

  /** The next value; null where there is none. */
  abstract Object next();

  /** Passes over what stands for a value that is not there, up to a level. */
  abstract void skip(int level);

  /** The level up to which what comes next is there. */
  abstract int definition();

  /** The level at which what comes next is repeated; 0 at the end of a row. */
  abstract int repetition();

  /** Whether all of a row group was read. */
  abstract boolean isAtEnd();

  /** How levels contradict each other, whose reader says of what. */
  private static RuntimeException damaged() {
    return new IllegalStateException("levels that contradict each other");
  }

  private static final class Leaf extends ColumnAssembly {
    private final ParquetNode node;
    private final ParquetValues values;
    private final RowBudget budget;
    private ColumnReader reader;
    private long left;

    Leaf(ParquetNode node, ColumnType type, RowBudget budget) {
      this.node = node;
      this.values = new ParquetValues(node.leaf().orElseThrow(), type);
      this.budget = budget;
    }

    @Override
    void open(ColumnReadStoreImpl group) {
      reader = group.getColumnReader(node.leaf().orElseThrow());
      left = reader.getTotalValueCount();
    }

    @Override
    Object next() {
      advance();
      Object value = values.next(reader);
      budget.take(value);
      return value;
    }

    @Override
    void skip(int level) {
      if (definition() >= level) {
        throw damaged();
      }
      advance();
      reader.consume();
    }

    private void advance() {
      if (left-- == 0) {
        throw damaged();
      }
    }

    @Override
    int definition() {
      return reader.getCurrentDefinitionLevel();
    }

    @Override
    int repetition() {
      return left == 0 ? 0 : reader.getCurrentRepetitionLevel();
    }

    @Override
    boolean isAtEnd() {
      return left == 0;
    }
  }

  /** What has parts that come and go together. */
  private abstract static sealed class Group extends ColumnAssembly {
    final int present;
    final List<ColumnAssembly> parts;

    Group(ParquetNode node, List<ColumnAssembly> parts) {
      this.present = node.definition();
      this.parts = parts;
    }

    @Override
    void open(ColumnReadStoreImpl group) {
      parts.forEach(part -> part.open(group));
    }

    @Override
    void skip(int level) {
      parts.forEach(part -> part.skip(level));
    }

    @Override
    int definition() {
      return parts.get(0).definition();
    }

    @Override
    int repetition() {
      int first = parts.get(0).repetition();
      for (ColumnAssembly part : parts) {
        if (part.repetition() != first) {
          throw damaged();
        }
      }
      return first;
    }

    @Override
    boolean isAtEnd() {
      return parts.stream().allMatch(ColumnAssembly::isAtEnd);
    }

    /** Whether what comes next is there up to a level. */
    boolean reaches(int level) {
      boolean first = definition() >= level;
      for (ColumnAssembly part : parts) {
        if (part.definition() >= level != first) {
          throw damaged();
        }
      }
      return first;
    }
  }

  private static final class Struct extends Group {
    Struct(ParquetNode node, List<ColumnAssembly> parts) {
      super(node, parts);
    }

    @Override
    Object next() {
      if (!reaches(present)) {
        skip(present);
        return null;
      }
      Object[] fields = new Object[parts.size()];
      for (int i = 0; i < fields.length; i++) {
        fields[i] = parts.get(i).next();
      }
      return fields;
    }
  }

  /** An array, or a map, which is one of keys and one of values. */
  private static final class Repeated extends Group {
    private final int repeated;
    private final RowBudget budget;

    Repeated(ParquetNode node, List<ColumnAssembly> parts, RowBudget budget) {
      super(node, parts);
      this.repeated = node.repetition();
      this.budget = budget;
    }

    @Override
    Object next() {
      if (!reaches(present)) {
        skip(present);
        return null;
      }
      List<List<Object>> elements = new ArrayList<>();
      parts.forEach(part -> elements.add(new ArrayList<>()));
      if (!reaches(present + 1)) {
        skip(present + 1);
      } else {
        do {
          for (int i = 0; i < parts.size(); i++) {
            budget.takePart();
            elements.get(i).add(parts.get(i).next());
          }
        } while (repetition() == repeated);
        if (repetition() > repeated) {
          throw damaged();
        }
      }
      if (parts.size() == 1) {
        return elements.get(0).toArray();
      }
      if (elements.get(0).contains(null)) {
        throw new UnfitValueException("a map with a key that is null");
      }
      return new Object[] {elements.get(0).toArray(), elements.get(1).toArray()};
    }
  }
}
