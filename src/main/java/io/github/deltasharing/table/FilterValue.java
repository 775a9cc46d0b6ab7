/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.table;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * A value that compares as SQL compares it: text by its UTF-8 bytes, floating point with -0.0 equal
 * to 0.0. Only values of one {@link ValueKind} may be compared. Immutable.
 *
 * @param value a Boolean, Long, Double, BigDecimal or text
 */
public record FilterValue(Comparable<?> value) implements Comparable<FilterValue> {

  public static FilterValue of(boolean value) {
    return new FilterValue(value);
  }

  /** An integer, a date as days or a timestamp as microseconds since the epoch. */
  public static FilterValue of(long value) {
    return new FilterValue(value);
  }

  /** A floating-point number; none for NaN, which compares with no bound. */
  public static Optional<FilterValue> of(double value) {
    // Adding 0.0 turns -0.0 into 0.0.
    return Double.isNaN(value) ? Optional.empty() : Optional.of(new FilterValue(value + 0.0));
  }

  public static FilterValue of(BigDecimal value) {
    // 1.0 and 1.00 are one value.
    return new FilterValue(value.stripTrailingZeros());
  }

  public static FilterValue of(String value) {
    return new FilterValue(new Text(value));
  }

  /** The text of a text value. */
  public String text() {
    return ((Text) value).text();
  }

  /** The number, days or microseconds of a value made of a long. */
  public long asLong() {
    return (Long) value;
  }

  @Override
  @SuppressWarnings("unchecked")
  public int compareTo(FilterValue other) {
    return ((Comparable<Object>) value).compareTo(other.value);
  }

  /** Text in code point order, which is the order of its UTF-8 bytes. */
  private record Text(String text) implements Comparable<Text> {
    @Override
    public int compareTo(Text other) {
      int a = 0;
      int b = 0;
      while (a < text.length() && b < other.text.length()) {
        int left = text.codePointAt(a);
        int right = other.text.codePointAt(b);
        if (left != right) {
          return Integer.compare(left, right);
        }
        a += Character.charCount(left);
        b += Character.charCount(right);
      }
      return Integer.compare(text.length() - a, other.text.length() - b);
    }
  }
}
