/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg.rest;

import io.github.deltasharing.server.iceberg.CatalogTables;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.storage.RequestSigner;
import io.github.deltasharing.source.SourceException;
import io.github.deltasharing.source.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which tables are listed: those that can be loaded. That takes a look at each, which is remembered
 * for a while. Safe for use by several threads.
 */
final class ListedTables {
  private static final Duration LISTED = Duration.ofMinutes(10);
  private static final Duration NOT_LISTED = Duration.ofMinutes(1);
  private static final int MOST = 10_000;

  private final CatalogTables tables;
  private final RequestSigner signer;
  private final Clock clock;
  private final Map<SharedTable, Look> looks = new LinkedHashMap<>(16, 0.75f, true);

  ListedTables(CatalogTables tables, RequestSigner signer, Clock clock) {
    this.tables = tables;
    this.signer = signer;
    this.clock = clock;
  }

  private record Look(boolean listed, Instant until) {}

  boolean isListed(SharedTable table) {
    Instant now = clock.instant();
    synchronized (looks) {
      Look look = looks.get(table);
      if (look != null && now.isBefore(look.until())) {
        return look.listed();
      }
    }
    boolean listed = canBeLoaded(table);
    synchronized (looks) {
      looks.put(table, new Look(listed, now.plus(listed ? LISTED : NOT_LISTED)));
      if (looks.size() > MOST) {
        looks.remove(looks.keySet().iterator().next());
      }
    }
    return listed;
  }

  /** A store that cannot be reached now fails the list: without its tables that would be wrong. */
  private boolean canBeLoaded(SharedTable table) {
    try {
      signer.place(tables.placed(table));
      tables.newest(table);
      return true;
    } catch (SourceException e) {
      return false;
    } catch (StoreException e) {
      if (e.isTemporary()) {
        throw e;
      }
      return false;
    }
  }
}
