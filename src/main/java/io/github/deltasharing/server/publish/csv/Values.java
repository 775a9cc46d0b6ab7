/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.csv;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Texts as values of a type, exactly: what a type cannot hold without loss does not fit it.
 * Stateless.
 *
 * <p>Values are as Delta Kernel takes them: days and microseconds since 1970 for dates and times.
 * Dates before 15 October 1582 and times before 1900 do not fit: Spark reads them from a file of
 * another writer only if it is told which calendar they are of.
 */
public final class Values {
  static final Pattern INTEGER = Pattern.compile("-?(?:0|[1-9]\\d*)");
  static final Pattern DECIMAL = Pattern.compile("(-?)(0|[1-9]\\d*)\\.(\\d+)");
  static final Pattern SCIENTIFIC =
      Pattern.compile("-?(?:0|[1-9]\\d*)(?:\\.\\d+)?[eE][+-]?\\d{1,3}");
  private static final Pattern DATE = Pattern.compile("(\\d{4})-(\\d{2})-(\\d{2})");
  private static final Pattern TIME =
      Pattern.compile(
          "(\\d{4}-\\d{2}-\\d{2})[T ](\\d{2}):(\\d{2})(?::(\\d{2})(?:\\.(\\d{1,9}))?)?"
              + " ?(Z|z|[+-]\\d{2}(?::?\\d{2})?)?");

  /** The first day that fits. */
  public static final long OLDEST_DAY = LocalDate.of(1582, 10, 15).toEpochDay();

  /** The first microsecond that fits. */
  public static final long OLDEST_TIME =
      LocalDate.of(1900, 1, 1).toEpochDay() * 86_400L * 1_000_000L;

  private static final int FRACTION = 6;

  private Values() {}

  /** A text as a value, or null if it does not fit. */
  public static Object of(ColumnType type, String text) {
    if (type.kind() == ColumnType.Kind.STRING) {
      return text;
    }
    String value = text.strip();
    return switch (type.kind()) {
      case BOOLEAN -> bool(value);
      case BYTE -> fits(value, Byte.MIN_VALUE, Byte.MAX_VALUE) ? Byte.valueOf(value) : null;
      case SHORT -> fits(value, Short.MIN_VALUE, Short.MAX_VALUE) ? Short.valueOf(value) : null;
      case INTEGER -> integer(value);
      case LONG -> longNumber(value);
      case FLOAT -> smallNumber(value);
      case DOUBLE -> number(value);
      case DECIMAL -> decimal(value, type.precision(), type.scale());
      case DATE -> date(value);
      case TIMESTAMP -> time(value, true);
      case TIMESTAMP_NTZ -> time(value, false);
      case STRING -> text;
      // Nothing says how text is bytes, or has parts.
      case BINARY, STRUCT, ARRAY, MAP -> null;
    };
  }

  /** A value as text, as Spark would show it. */
  public static String text(ColumnType type, Object value) {
    return switch (type.kind()) {
      case DATE -> LocalDate.ofEpochDay((Integer) value).toString();
      case TIMESTAMP -> local((Long) value) + "Z";
      case TIMESTAMP_NTZ -> local((Long) value).toString();
      case DECIMAL -> ((BigDecimal) value).toPlainString();
      case BINARY -> HexFormat.of().formatHex((byte[]) value);
      default -> value.toString();
    };
  }

  private static LocalDateTime local(long micros) {
    return LocalDateTime.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L),
        (int) Math.floorMod(micros, 1_000_000L) * 1000,
        ZoneOffset.UTC);
  }

  static Boolean bool(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true" -> Boolean.TRUE;
      case "false" -> Boolean.FALSE;
      default -> null;
    };
  }

  private static Integer integer(String value) {
    Long number = longNumber(value);
    return number == null || number.intValue() != number ? null : (Integer) number.intValue();
  }

  static Long longNumber(String value) {
    if (value.length() > 20 || !INTEGER.matcher(value).matches()) {
      return null;
    }
    try {
      return Long.valueOf(value);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static boolean fits(String value, long least, long most) {
    Long number = longNumber(value);
    return number != null && number >= least && number <= most;
  }

  private static Float smallNumber(String value) {
    Double number = number(value);
    return number == null || Double.isFinite(number) && !Float.isFinite(Float.parseFloat(value))
        ? null
        : (Float) Float.parseFloat(value);
  }

  /** One that is finite; infinities and what is not a number by their names. */
  private static Double number(String value) {
    switch (value) {
      case "NaN":
        return Double.NaN;
      case "Infinity":
        return Double.POSITIVE_INFINITY;
      case "-Infinity":
        return Double.NEGATIVE_INFINITY;
      default:
        break;
    }
    if (!INTEGER.matcher(value).matches()
        && !DECIMAL.matcher(value).matches()
        && !SCIENTIFIC.matcher(value).matches()) {
      return null;
    }
    double number = Double.parseDouble(value);
    return Double.isFinite(number) ? (Double) number : null;
  }

  private static BigDecimal decimal(String value, int precision, int scale) {
    if (value.length() > 2 * ColumnType.MOST_DIGITS
        || !INTEGER.matcher(value).matches() && !DECIMAL.matcher(value).matches()) {
      return null;
    }
    try {
      BigDecimal number = new BigDecimal(value).setScale(scale, RoundingMode.UNNECESSARY);
      return number.precision() <= precision ? number : null;
    } catch (ArithmeticException e) {
      return null;
    }
  }

  static Integer date(String value) {
    Matcher date = DATE.matcher(value);
    if (!date.matches()) {
      return null;
    }
    try {
      long day =
          LocalDate.of(
                  Integer.parseInt(date.group(1)),
                  Integer.parseInt(date.group(2)),
                  Integer.parseInt(date.group(3)))
              .toEpochDay();
      return day < OLDEST_DAY ? null : (Integer) (int) day;
    } catch (DateTimeException e) {
      return null;
    }
  }

  /**
   * A point in time, or a time without a zone.
   *
   * @param zoned whether it must have a zone; otherwise it must not
   */
  static Long time(String value, boolean zoned) {
    Matcher time = TIME.matcher(value);
    if (!time.matches() || (time.group(6) != null) != zoned || finerThanMicros(time.group(5))) {
      return null;
    }
    Integer day = date(time.group(1));
    if (day == null) {
      return null;
    }
    try {
      LocalDateTime local =
          LocalDate.ofEpochDay(day)
              .atTime(
                  Integer.parseInt(time.group(2)),
                  Integer.parseInt(time.group(3)),
                  time.group(4) == null ? 0 : Integer.parseInt(time.group(4)));
      long seconds = local.toEpochSecond(zoned ? zone(time.group(6)) : ZoneOffset.UTC);
      long micros = seconds * 1_000_000L + micros(time.group(5));
      return micros < OLDEST_TIME ? null : (Long) micros;
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static ZoneOffset zone(String zone) {
    return ZoneOffset.of(zone.toUpperCase(Locale.ROOT));
  }

  private static boolean finerThanMicros(String fraction) {
    return fraction != null
        && fraction.length() > FRACTION
        && !fraction.substring(FRACTION).matches("0*");
  }

  private static long micros(String fraction) {
    return fraction == null ? 0 : Long.parseLong((fraction + "000000").substring(0, FRACTION));
  }
}
