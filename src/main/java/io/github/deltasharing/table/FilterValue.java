package io.github.deltasharing.table;

import io.github.deltasharing.protocol.ValueType;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;

/**
 * A value that compares as SQL compares it: text by its UTF-8 bytes, floating point with -0.0 equal
 * to 0.0. Only values of one type may be compared. Immutable.
 */
record FilterValue(Comparable<?> value) implements Comparable<FilterValue> {

  /** Reads a value; empty when the text is not certainly a value of the type (or is NaN). */
  static Optional<FilterValue> parse(String text, ValueType type) {
    try {
      return switch (type) {
        case STRING -> Optional.of(new FilterValue(new Text(text)));
        case INT, LONG -> Optional.of(new FilterValue(Long.valueOf(text)));
        case FLOAT -> floating(Float.parseFloat(text));
        case DOUBLE -> floating(Double.parseDouble(text));
        case DATE -> Optional.of(new FilterValue(LocalDate.parse(text)));
        case TIMESTAMP -> Optional.of(new FilterValue(OffsetDateTime.parse(text).toInstant()));
        case BOOL -> bool(text);
      };
    } catch (NumberFormatException | DateTimeException e) {
      return Optional.empty();
    }
  }

  @Override
  @SuppressWarnings("unchecked")
  public int compareTo(FilterValue other) {
    return ((Comparable<Object>) value).compareTo(other.value);
  }

  private static Optional<FilterValue> floating(double number) {
    // Adding 0.0 turns -0.0 into 0.0.
    return Double.isNaN(number) ? Optional.empty() : Optional.of(new FilterValue(number + 0.0));
  }

  private static Optional<FilterValue> bool(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> Optional.of(new FilterValue(true));
      case "false" -> Optional.of(new FilterValue(false));
      default -> Optional.empty();
    };
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
