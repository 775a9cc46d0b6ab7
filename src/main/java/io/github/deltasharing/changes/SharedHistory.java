/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.changes;

import io.github.deltasharing.client.AsOf;
import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.TableName;
import io.github.deltasharing.error.ChangeErrors;
import io.github.deltasharing.error.SharingServerException;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The commits of a table that its provider shares, for reads of changes whose options do not say
 * where they start: filters of the change columns do, or else the first commit that there is. Asks
 * the server for versions by their times. Driver only; thread-safe.
 */
public final class SharedHistory {
  /** Refusals that are about the time; others are of the server or the credential. */
  private static final Set<Integer> ABOUT_THE_TIME = Set.of(400, 409, 416, 422);

  private static final Instant LAST_TIME = Instant.parse("9999-12-31T23:59:59Z");

  private final SharingClient client;
  private final TableName table;
  private final long latest;

  /**
   * @param latest the latest version known of; −1 for unknown
   */
  public SharedHistory(SharingClient client, TableName table, long latest) {
    this.client = client;
    this.table = table;
    this.latest = latest;
  }

  /**
   * The commits that wanted rows can be of: no request where the filter says the first version, one
   * for each end that it says by a time, one to find the first commit.
   *
   * @param end the last commit that is wanted in any case
   * @return null where there are none
   */
  public ChangeRange range(ChangeFilter filter, AsOf end) {
    long last = filter.lastVersion();
    if (last < 0 || filter.firstMicros() > filter.lastMicros()) {
      return null;
    }
    long first = filter.firstVersion();
    // As with a start that options give: not after the latest, which servers refuse.
    long start =
        first == Long.MIN_VALUE || latest < 0
            ? first(filter)
            : Math.max(0, Math.min(first, latest));
    if (last == Long.MAX_VALUE) {
      last = last(filter);
    }
    return new ChangeRange(AsOf.ofVersion(start), end).within(Long.MIN_VALUE, last, latest);
  }

  private long first(ChangeFilter filter) {
    OptionalLong found =
        filter.firstMicros() > 0
            ? atOrAfter(Math.floorDiv(filter.firstMicros(), 1_000))
            : OptionalLong.empty();
    if (found.isPresent() && (found.getAsLong() < latest || latest <= 0)) {
      return found.getAsLong();
    }
    try {
      long first = client.version(table, Instant.EPOCH.toString());
      // The latest version at the beginning of time: the server takes no notice of the time, or
      // has no older commit. The latter it says when it is asked for one.
      return latest > 0 && first >= latest ? 0 : found.orElse(first);
    } catch (SharingServerException e) {
      if (!ABOUT_THE_TIME.contains(e.status())) {
        throw e;
      }
      return found.orElseThrow(() -> ChangeErrors.unknownStart(table.toString(), e));
    }
  }

  private long last(ChangeFilter filter) {
    if (filter.lastMicros() == Long.MAX_VALUE) {
      return Long.MAX_VALUE;
    }
    OptionalLong next = atOrAfter(Math.floorDiv(filter.lastMicros(), 1_000) + 1);
    // The latest version may come from a server that takes no notice of the time.
    return next.isPresent() && next.getAsLong() < latest ? next.getAsLong() - 1 : Long.MAX_VALUE;
  }

  /** The first commit at or after a time; empty where the server does not tell. */
  private OptionalLong atOrAfter(long millis) {
    Instant time = Instant.ofEpochMilli(Math.max(0, millis));
    if (time.isAfter(LAST_TIME)) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(client.version(table, time.toString()));
    } catch (SharingServerException e) {
      if (ABOUT_THE_TIME.contains(e.status())) {
        return OptionalLong.empty();
      }
      throw e;
    }
  }
}
