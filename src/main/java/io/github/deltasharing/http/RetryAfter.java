/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/** Reads the header {@code Retry-After}: seconds, or a date. Stateless. */
public final class RetryAfter {
  private RetryAfter() {}

  /**
   * How long the client is to wait, in milliseconds; -1 where it does not say.
   *
   * @param header its value; null where there is none
   */
  public static long millis(String header) {
    String value = header == null ? "" : header.trim();
    if (value.isEmpty()) {
      return -1;
    }
    try {
      return Math.max(0, Math.multiplyExact(Long.parseLong(value), 1000L));
    } catch (NumberFormatException | ArithmeticException e) {
      // A date, perhaps.
    }
    try {
      Instant at = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Math.max(0, Duration.between(Instant.now(), at).toMillis());
    } catch (DateTimeParseException e) {
      return -1;
    }
  }
}
