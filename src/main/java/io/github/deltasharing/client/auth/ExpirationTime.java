/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads a profile's {@code expirationTime} in the forms that people write: ISO-8601 with or without
 * an offset, with a blank instead of the T, with a zone's name, a date alone, milliseconds or
 * seconds since 1970. UTC where nothing else is said. Stateless.
 */
final class ExpirationTime {
  private static final Pattern NUMBER = Pattern.compile("\\d{9,14}(?:\\.0*)?");

  /** As milliseconds these are days of 1973: nobody's expiry. As seconds, the year 5138. */
  private static final long LEAST_MILLIS = 100_000_000_000L;

  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendPattern("['T'][ ]")
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .appendPattern("[ ][XXX][XX][X]")
          .optionalStart()
          .appendLiteral('[')
          .appendZoneRegionId()
          .appendLiteral(']')
          .optionalEnd()
          .optionalStart()
          .appendZoneText(TextStyle.SHORT)
          .optionalEnd()
          .toFormatter(Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private ExpirationTime() {}

  /** The time; empty where the text is none that is certain. */
  static Optional<Instant> parse(String text) {
    if (NUMBER.matcher(text).matches()) {
      long number = Long.parseLong(text.split("\\.", 2)[0]);
      return Optional.of(
          number < LEAST_MILLIS ? Instant.ofEpochSecond(number) : Instant.ofEpochMilli(number));
    }
    for (DateTimeFormatter format : List.of(TIME, DateTimeFormatter.RFC_1123_DATE_TIME)) {
      try {
        var time = format.parse(text);
        return Optional.of(
            time.isSupported(ChronoField.INSTANT_SECONDS)
                ? Instant.from(time)
                : ZonedDateTime.from(time).toInstant());
      } catch (DateTimeException e) {
        // In another form, perhaps.
      }
    }
    try {
      // To the end of the day: a token that is refused too early could have been used.
      return Optional.of(
          LocalDate.parse(text).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
