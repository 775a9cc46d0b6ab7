/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.listing;

import io.github.deltasharing.storage.SharedFile;
import java.time.Duration;

/**
 * How long the URLs of one listing are good. Immutable.
 *
 * @param requestedAt when they were requested, epoch milliseconds: they were signed after that
 * @param assumed how long they live where the server does not say
 * @param stated what the server says of those for which no file says it, epoch milliseconds, or
 *     null
 */
public record UrlLifetime(long requestedAt, Duration assumed, Long stated) {
  private static final long LONGEST_MARGIN_MILLIS = 60_000;

  /**
   * When a URL is to be refreshed: a tenth of its life before its end, a minute at most.
   *
   * @param expiration as the file says, epoch milliseconds, or null
   * @return epoch milliseconds; {@link SharedFile#NEVER} where it is over before it began, as it is
   *     when the clocks differ: then only the store's refusal shows it
   */
  public long refreshAt(Long expiration) {
    Long known = expiration == null ? stated : expiration;
    long end = known == null ? requestedAt + assumed.toMillis() : known;
    long life = end - requestedAt;
    return life <= 0 ? SharedFile.NEVER : end - Math.min(life / 10, LONGEST_MARGIN_MILLIS);
  }
}
