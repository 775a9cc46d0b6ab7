/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.index;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Rows of texts, of which many have the same shape: what is the same in them is kept once, and what
 * differs by columns. A row may have no shape, and no texts then. Immutable, safe for use by
 * several threads.
 *
 * @param <S> the shape; says how many texts a row has. Equal ones are one
 */
final class ShapedRows<S> {
  /** The most shapes of one. */
  static final int MOST_SHAPES = 255;

  private static final byte NONE = (byte) MOST_SHAPES;

  private final List<S> shapes;

  /** By shape and place. */
  private final Texts[][] columns;

  /** Of each row; null if all have the first. */
  private final byte[] shapeOf;

  /** Of each row, where in its shape's columns it is; null if all rows are of one shape. */
  private final short[] indexOf;

  private final long heapBytes;

  private ShapedRows(Builder<S> rows, ToLongFunction<S> shapeBytes) {
    shapes = List.copyOf(rows.values.keySet());
    columns = new Texts[shapes.size()][];
    long bytes = 96;
    int shape = 0;
    for (Map.Entry<S, List<List<String>>> entry : rows.values.entrySet()) {
      columns[shape] = entry.getValue().stream().map(Texts::of).toArray(Texts[]::new);
      bytes += 40 + shapeBytes.applyAsLong(entry.getKey()) + 8L * columns[shape].length;
      for (Texts texts : columns[shape]) {
        bytes += texts.heapBytes();
      }
      shape++;
    }
    int size = rows.shapeOf.size();
    if (shapes.size() == 1 && !rows.shapeOf.contains(NONE)) {
      shapeOf = null;
      indexOf = null;
    } else {
      shapeOf = new byte[size];
      indexOf = new short[size];
      short[] counts = new short[MOST_SHAPES + 1];
      for (int i = 0; i < size; i++) {
        shapeOf[i] = rows.shapeOf.get(i);
        indexOf[i] = counts[shapeOf[i] & 0xff]++;
      }
      bytes += 32 + 3L * size;
    }
    heapBytes = bytes;
  }

  /** The shape of a row; null if it has none. */
  S shape(int row) {
    int shape = number(row);
    return shape == MOST_SHAPES ? null : shapes.get(shape);
  }

  private int number(int row) {
    return shapeOf == null ? 0 : shapeOf[row] & 0xff;
  }

  /** The columns of a row that has a shape, by their places. */
  Texts[] columns(int row) {
    return columns[number(row)];
  }

  /** Where a row is in its columns. */
  int index(int row) {
    return indexOf == null ? row : indexOf[row];
  }

  /** One text of a row that has a shape. */
  String text(int row, int place) {
    return columns(row)[place].get(index(row));
  }

  long heapBytes() {
    return heapBytes;
  }

  /** Collects rows. Not thread-safe. */
  static final class Builder<S> {
    private final Map<S, List<List<String>>> values = new LinkedHashMap<>();
    private final Map<S, Byte> numbers = new LinkedHashMap<>();
    private final List<Byte> shapeOf = new ArrayList<>();

    /** Whether a row of the shape may be added. */
    boolean hasRoom(S shape) {
      return shape == null || values.size() < MOST_SHAPES || values.containsKey(shape);
    }

    /**
     * Adds a row.
     *
     * @param shape null for none
     */
    void add(S shape, List<String> texts) {
      if (shape == null) {
        shapeOf.add(NONE);
        return;
      }
      List<List<String>> columns = values.get(shape);
      if (columns == null) {
        numbers.put(shape, (byte) values.size());
        columns = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
          columns.add(new ArrayList<>());
        }
        values.put(shape, columns);
      }
      for (int i = 0; i < texts.size(); i++) {
        columns.get(i).add(texts.get(i));
      }
      shapeOf.add(numbers.get(shape));
    }

    ShapedRows<S> build(ToLongFunction<S> shapeBytes) {
      return new ShapedRows<>(this, shapeBytes);
    }
  }
}
