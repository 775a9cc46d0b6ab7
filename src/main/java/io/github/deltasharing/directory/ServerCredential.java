/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.directory;

import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.TableCredential;
import io.github.deltasharing.client.TableName;
import java.time.Instant;

/**
 * The temporary credential for one location of a table: renewed as long as the sharing server gives
 * one, and used for nothing else. Driver only; thread-safe.
 */
final class ServerCredential {
  private final SharingClient server;
  private final TableName table;
  private final String location;

  /** The one that {@link #current} or {@link #renew} gave last. */
  private volatile TableCredential last;

  /** When another one was got in the place of one that was refused, by the system's nanoseconds. */
  private volatile long renewedAt = System.nanoTime();

  /**
   * @param location as the server says it
   */
  ServerCredential(SharingClient server, TableName table, String location) {
    this.server = server;
    this.table = table;
    this.location = location;
  }

  /** One that is valid now; by a request where none is. */
  TableCredential current() {
    last = server.temporaryCredential(table, location);
    return last;
  }

  /**
   * Requests another one than the last one, which the store refused or which has ended; unless
   * another thread did since.
   *
   * @param usedAt before the one was got that was refused, by the system's nanoseconds
   * @return whether there is another one
   */
  boolean renew(long usedAt) {
    TableCredential refused = last;
    if (renewedAt - usedAt > 0) {
      return true;
    }
    TableCredential other = server.temporaryCredential(table, location, refused);
    if (other.credential().equals(refused.credential())) {
      last = other;
      return false;
    }
    renewedAt = System.nanoTime();
    last = other;
    return true;
  }

  /** Whether the last one ends by that time. */
  boolean endsBy(Instant time) {
    return !last.expires().isAfter(time);
  }

  /** Without the credential. */
  @Override
  public String toString() {
    return "ServerCredential[" + table + "]";
  }
}
