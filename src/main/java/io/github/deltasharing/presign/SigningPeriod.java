/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.presign;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/**
 * From when until when a signature is valid, in whole seconds as signatures have them. Immutable.
 */
record SigningPeriod(Instant start, Instant end) {
  /** What S3, Google and Azure allow for a signature that needs no stored policy. */
  private static final Duration LONGEST = Duration.ofDays(7);

  private static final DateTimeFormatter BASIC =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /**
   * A period from now on, shortened to what the cloud allows and to the life of what signs.
   *
   * @param credentialEnd when the signing credential ends, if it does
   * @throws IllegalStateException when less than a second of the credential's life is left
   */
  static SigningPeriod of(Instant now, Duration lifetime, Optional<Instant> credentialEnd) {
    if (lifetime.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException(
          "A signed URL must be valid for a second at least, not for " + lifetime);
    }
    Instant start = now.truncatedTo(ChronoUnit.SECONDS);
    Duration allowed = lifetime.compareTo(LONGEST) > 0 ? LONGEST : lifetime;
    Instant end = start.plusSeconds(allowed.toSeconds());
    if (credentialEnd.isPresent() && credentialEnd.get().isBefore(end)) {
      end = credentialEnd.get().truncatedTo(ChronoUnit.SECONDS);
    }
    if (!end.isAfter(now)) {
      throw new IllegalStateException(
          "The credential that signs URLs expired at " + end + ". Get a new one");
    }
    return new SigningPeriod(start, end);
  }

  long seconds() {
    return ChronoUnit.SECONDS.between(start, end);
  }

  /** The start as {@code 20130524T000000Z}. */
  String timestamp() {
    return BASIC.format(start);
  }
}
