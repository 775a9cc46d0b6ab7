/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.table;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How the values of a column compare, and how statistics and partition values write them (Delta
 * protocol, "Per-file Statistics" and "Partition Value Serialization").
 */
public enum ValueKind {
  BOOLEAN,
  /** All integers, up to 64 bits. */
  INTEGER,
  FLOAT,
  DOUBLE,
  DECIMAL,
  STRING,
  DATE,
  TIMESTAMP,
  TIMESTAMP_NTZ;

  /** The kind of a type of the schema; empty when its order is not certain from the outside. */
  static Optional<ValueKind> ofType(String type) {
    return switch (type) {
      case "byte", "short", "integer", "long" -> Optional.of(INTEGER);
      case "float" -> Optional.of(FLOAT);
      case "double" -> Optional.of(DOUBLE);
      case "string" -> Optional.of(STRING);
      case "boolean" -> Optional.of(BOOLEAN);
      case "date" -> Optional.of(DATE);
      case "timestamp" -> Optional.of(TIMESTAMP);
      case "timestamp_ntz" -> Optional.of(TIMESTAMP_NTZ);
      default -> type.startsWith("decimal") ? Optional.of(DECIMAL) : Optional.empty();
    };
  }

  /** Whether NaN is a value of it: no bound covers NaN, and it sorts last. */
  public boolean hasNan() {
    return this == FLOAT || this == DOUBLE;
  }

  /** Reads a value; empty when the text is not certainly a value of the kind (or is NaN). */
  Optional<FilterValue> parse(String text) {
    try {
      return switch (this) {
        case STRING -> Optional.of(FilterValue.of(text));
        case INTEGER -> Optional.of(FilterValue.of(Long.parseLong(text)));
        case FLOAT -> FilterValue.of(Float.parseFloat(text));
        case DOUBLE -> FilterValue.of(Double.parseDouble(text));
        case DECIMAL -> Optional.of(FilterValue.of(new BigDecimal(text)));
        case DATE -> Optional.of(FilterValue.of(days(text)));
        case TIMESTAMP -> Optional.of(FilterValue.of(timestamp(text)));
        case TIMESTAMP_NTZ -> Optional.of(FilterValue.of(timestampNtz(text)));
        case BOOLEAN -> bool(text);
      };
    } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  private static long days(String text) {
    OptionalLong days = IsoTimes.days(text);
    return days.isPresent() ? days.getAsLong() : LocalDate.parse(text).toEpochDay();
  }

  private static long timestamp(String text) {
    OptionalLong micros = IsoTimes.micros(text, "Z");
    return micros.isPresent() ? micros.getAsLong() : micros(OffsetDateTime.parse(text).toInstant());
  }

  private static long timestampNtz(String text) {
    OptionalLong micros = IsoTimes.micros(text, "");
    return micros.isPresent()
        ? micros.getAsLong()
        : micros(LocalDateTime.parse(text).toInstant(ZoneOffset.UTC));
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  private static Optional<FilterValue> bool(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> Optional.of(FilterValue.of(true));
      case "false" -> Optional.of(FilterValue.of(false));
      default -> Optional.empty();
    };
  }
}
