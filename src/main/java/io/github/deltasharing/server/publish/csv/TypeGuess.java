/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.csv;

import io.github.deltasharing.server.publish.csv.ColumnType.Kind;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Matcher;

/**
 * The type of a column, by all of its values: the narrowest that has each of them without loss.
 *
 * <p>Numbers with leading zeros or a plus sign are text: they are numbers of something. Whole
 * numbers are LONG, longer ones DECIMAL; numbers with a point DECIMAL, as long as 38 digits hold
 * them all; with an exponent, or a negative zero, DOUBLE. Times with a zone are TIMESTAMP, without
 * one TIMESTAMP_NTZ; a column that has both, or times and dates, is STRING. Not thread-safe.
 */
final class TypeGuess {
  /** What a text looks like. */
  enum Shape {
    TEXT,
    BOOLEAN,
    INTEGER,
    DECIMAL,
    FLOAT,
    DATE,
    TIMESTAMP,
    TIMESTAMP_NTZ
  }

  /** A double has all whole numbers of so many digits. */
  private static final int EXACT_DIGITS = 15;

  private static final Set<Shape> NUMBERS = EnumSet.of(Shape.INTEGER, Shape.DECIMAL, Shape.FLOAT);

  private final Set<Shape> shapes = EnumSet.noneOf(Shape.class);
  private boolean wide;
  private boolean nulls;
  private int digits;
  private int scale;

  /** Takes a value of the column, null for none. */
  void accept(String text, boolean quoted) {
    if (text == null || text.isEmpty() && quoted) {
      nulls |= text == null;
      return;
    }
    if (shapes.contains(Shape.TEXT)) {
      return;
    }
    String value = text.strip();
    Shape shape = shape(value);
    shapes.add(shape);
    if (shape == Shape.INTEGER) {
      measure(value.length() - (value.charAt(0) == '-' ? 1 : 0), 0);
      wide |= Values.longNumber(value) == null;
    } else if (shape == Shape.DECIMAL) {
      Matcher decimal = Values.DECIMAL.matcher(value);
      if (decimal.matches()) {
        measure(
            decimal.group(2).equals("0") ? 0 : decimal.group(2).length(),
            decimal.group(3).length());
      }
    }
  }

  private void measure(int whole, int fraction) {
    digits = Math.max(digits, whole);
    scale = Math.max(scale, fraction);
  }

  boolean hasNulls() {
    return nulls;
  }

  /** What one text looks like. */
  static Shape shape(String value) {
    if (value.isEmpty() || value.length() > 64) {
      return Shape.TEXT;
    }
    char first = value.charAt(0);
    if (first == '-' || first >= '0' && first <= '9') {
      return numberOrTime(value);
    }
    return Values.bool(value) == null ? Shape.TEXT : Shape.BOOLEAN;
  }

  private static Shape numberOrTime(String value) {
    if (Values.INTEGER.matcher(value).matches()) {
      return value.equals("-0") ? Shape.FLOAT : Shape.INTEGER;
    }
    if (Values.DECIMAL.matcher(value).matches()) {
      return value.matches("-0\\.0+") ? Shape.FLOAT : Shape.DECIMAL;
    }
    if (Values.SCIENTIFIC.matcher(value).matches()) {
      return Double.isFinite(Double.parseDouble(value)) ? Shape.FLOAT : Shape.TEXT;
    }
    if (Values.date(value) != null) {
      return Shape.DATE;
    }
    if (Values.time(value, true) != null) {
      return Shape.TIMESTAMP;
    }
    return Values.time(value, false) != null ? Shape.TIMESTAMP_NTZ : Shape.TEXT;
  }

  /** The type; STRING if there was no value. */
  ColumnType type() {
    if (shapes.isEmpty() || shapes.contains(Shape.TEXT)) {
      return ColumnType.STRING;
    }
    if (NUMBERS.containsAll(shapes)) {
      return number();
    }
    if (shapes.size() > 1) {
      return ColumnType.STRING;
    }
    return ColumnType.of(Kind.valueOf(shapes.iterator().next().name()));
  }

  private ColumnType number() {
    if (shapes.contains(Shape.FLOAT)) {
      return digits > EXACT_DIGITS ? ColumnType.STRING : ColumnType.of(Kind.DOUBLE);
    }
    if (!shapes.contains(Shape.DECIMAL) && !wide) {
      return ColumnType.of(Kind.LONG);
    }
    int precision = Math.max(1, digits + scale);
    if (precision <= ColumnType.MOST_DIGITS) {
      return ColumnType.decimal(precision, scale);
    }
    return digits > EXACT_DIGITS ? ColumnType.STRING : ColumnType.of(Kind.DOUBLE);
  }
}
