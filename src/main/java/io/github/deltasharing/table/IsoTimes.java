/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.table;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.OptionalLong;

/**
 * Reads dates and times as nearly all writers of statistics write them, some ten times as fast as
 * the parsers of {@code java.time}; what looks otherwise is left to those. Stateless.
 */
public final class IsoTimes {
  private static final int DATE = 10;
  private static final int SECONDS = 19;

  /** Beyond, nanoseconds since the epoch are no long, and {@code java.time} has no microseconds. */
  private static final long DAYS_IN_NANOS = 106_000;

  private static final int MICRO_DIGITS = 6;
  private static final long MICROS_PER_SECOND = 1_000_000;

  private IsoTimes() {}

  /** Days since the epoch of {@code 2024-01-31}. */
  public static OptionalLong days(String text) {
    return text.length() == DATE ? date(text) : OptionalLong.empty();
  }

  private static OptionalLong date(String text) {
    int year = number(text, 0, 4);
    int month = number(text, 5, 7);
    int day = number(text, 8, 10);
    if (year < 0 || month < 0 || day < 0 || text.charAt(4) != '-' || text.charAt(7) != '-') {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(LocalDate.of(year, month, day).toEpochDay());
    } catch (DateTimeException e) {
      return OptionalLong.empty();
    }
  }

  /**
   * Microseconds since the epoch of {@code 2024-01-31T23:59:59.999}, with up to six digits of a
   * second.
   *
   * @param zone what has to follow: {@code Z} or nothing
   */
  public static OptionalLong micros(String text, String zone) {
    int end = text.length() - zone.length();
    if (end < SECONDS || !text.endsWith(zone)) {
      return OptionalLong.empty();
    }
    OptionalLong date = date(text);
    int hour = number(text, 11, 13);
    int minute = number(text, 14, 16);
    int second = number(text, 17, 19);
    long fraction = fraction(text, end);
    boolean whole =
        date.isPresent()
            && text.charAt(DATE) == 'T'
            && text.charAt(13) == ':'
            && text.charAt(16) == ':'
            && hour >= 0
            && hour < 24
            && minute >= 0
            && minute < 60
            && second >= 0
            && second < 60
            && fraction >= 0;
    if (!whole || Math.abs(date.getAsLong()) > DAYS_IN_NANOS) {
      return OptionalLong.empty();
    }
    long seconds = ((date.getAsLong() * 24 + hour) * 60 + minute) * 60 + second;
    return OptionalLong.of(seconds * MICROS_PER_SECOND + fraction);
  }

  /** Negative if it is not one. */
  private static long fraction(String text, int end) {
    if (end == SECONDS) {
      return 0;
    }
    int digits = end - SECONDS - 1;
    if (text.charAt(SECONDS) != '.' || digits < 1 || digits > MICRO_DIGITS) {
      return -1;
    }
    int fraction = number(text, SECONDS + 1, end);
    for (int i = digits; i < MICRO_DIGITS && fraction > 0; i++) {
      fraction *= 10;
    }
    return fraction;
  }

  /** Negative if these are not all digits. */
  private static int number(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = 10 * number + digit;
    }
    return number;
  }
}
