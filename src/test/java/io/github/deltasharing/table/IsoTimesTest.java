/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is read fast is what {@code java.time} reads. */
@Tag("unit")
class IsoTimesTest {
  private static final String ALPHABET = "0123456789-:.TZ +";
  private final Random random = new Random(1);

  /** A time with some of its characters changed, now and then. */
  private String text(String usual) {
    StringBuilder text = new StringBuilder(usual);
    for (int i = random.nextInt(3); i > 0; i--) {
      char other = ALPHABET.charAt(random.nextInt(random.nextBoolean() ? 10 : ALPHABET.length()));
      text.setCharAt(random.nextInt(text.length()), other);
    }
    text.setLength(random.nextInt(5) == 0 ? random.nextInt(text.length() + 1) : text.length());
    return text.toString();
  }

  private static int check(String text, OptionalLong fast, ToLongFunction<String> slow) {
    if (fast.isEmpty()) {
      return 0;
    }
    try {
      assertThat(fast.getAsLong()).as(text).isEqualTo(slow.applyAsLong(text));
    } catch (DateTimeException e) {
      throw new AssertionError(text, e);
    }
    return 1;
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  @Test
  void dates() {
    int read = 0;
    for (int i = 0; i < 50_000; i++) {
      String text =
          text(
              "%04d-%02d-%02d"
                  .formatted(random.nextInt(10_000), random.nextInt(14), random.nextInt(33)));
      read += check(text, IsoTimes.days(text), t -> LocalDate.parse(t).toEpochDay());
    }
    assertThat(read).isGreaterThan(10_000);
    assertThat(IsoTimes.days("2024-02-29")).hasValue(19_782);
  }

  @Test
  void times() {
    int read = 0;
    for (int i = 0; i < 50_000; i++) {
      String time =
          "%04d-%02d-%02dT%02d:%02d:%02d"
              .formatted(
                  1600 + random.nextInt(700),
                  random.nextInt(14),
                  random.nextInt(33),
                  random.nextInt(26),
                  random.nextInt(62),
                  random.nextInt(62));
      String fraction =
          random.nextInt(3) == 0
              ? ""
              : "."
                  + ("" + (10_000_000 + random.nextInt(9_999_999)))
                      .substring(1, 1 + random.nextInt(8));
      String text = text(time + fraction + "Z");
      read +=
          check(text, IsoTimes.micros(text, "Z"), t -> micros(OffsetDateTime.parse(t).toInstant()));
      String local = text(time + fraction);
      read +=
          check(
              local,
              IsoTimes.micros(local, ""),
              t -> micros(LocalDateTime.parse(t).toInstant(ZoneOffset.UTC)));
    }
    assertThat(read).isGreaterThan(20_000);
    assertThat(IsoTimes.micros("1969-12-31T23:59:59.5Z", "Z")).hasValue(-500_000);
  }
}
