/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import io.github.deltasharing.presign.UserDelegationKey;
import io.github.deltasharing.server.error.ServerError;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the key that a storage account of Azure gives to an application, and gets another one
 * before URLs would have to end earlier than they shall. Safe for use by several threads, one of
 * which gets a key while the others wait.
 */
final class UserDelegationKeys implements Function<Instant, UserDelegationKey> {
  private static final Logger LOG = LoggerFactory.getLogger(UserDelegationKeys.class);

  /** For how long URLs can be signed with a key that was got just now. */
  private static final Duration KEPT = Duration.ofDays(1);

  /** Azure allows 7 days, by its clock. */
  private static final Duration LONGEST = Duration.ofDays(7).minusMinutes(10);

  /** Between two requests, however many URLs are wanted: they may fail, or give less than asked. */
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final AzureKeyRequests requests;
  private final Clock clock;
  private UserDelegationKey key;
  private Instant next = Instant.MIN;

  UserDelegationKeys(AzureKeyRequests requests, Clock clock) {
    this.requests = requests;
    this.clock = clock;
  }

  /**
   * A key that is valid until then; one that ends before if Azure gives no other now.
   *
   * @throws ServerError 503 when there is none
   */
  @Override
  public synchronized UserDelegationKey apply(Instant end) {
    Instant now = clock.instant();
    Instant most = now.plus(LONGEST);
    if (key != null && !key.expiry().isBefore(end.isBefore(most) ? end : most)) {
      return key;
    }
    if (!now.isBefore(next)) {
      next = now.plus(PAUSE);
      Instant wanted = end.plus(KEPT);
      renew(now, wanted.isBefore(most) ? wanted : most);
    }
    if (key == null || !key.expiry().isAfter(now.plusSeconds(1))) {
      throw ServerError.busy(
          "The table's store gives this server no key to sign URLs with now. Try again later");
    }
    return key;
  }

  private void renew(Instant now, Instant end) {
    try {
      key = requests.request(now, end);
    } catch (IOException e) {
      LOG.warn("No user delegation key to sign URLs of tables on Azure with: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
