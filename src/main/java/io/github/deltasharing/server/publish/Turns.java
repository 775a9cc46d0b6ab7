/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish;

import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.store.Names;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * How many files are read at once, and one at a time of each name; on several servers the database
 * and the table's log decide. Safe for use by several threads.
 */
final class Turns {
  private static final int AT_ONCE = 4;

  private final Semaphore free = new Semaphore(AT_ONCE);
  private final Set<String> names = ConcurrentHashMap.newKeySet();

  /** A turn, until it is closed. */
  interface Turn extends AutoCloseable {
    @Override
    void close();
  }

  Turn take() {
    if (!free.tryAcquire()) {
      throw ServerError.busy("The server reads other files. Try again in a minute");
    }
    return free::release;
  }

  Turn take(String name) {
    String key = Names.key(name);
    if (!names.add(key)) {
      throw new ServerError(
          409,
          ServerError.INVALID_STATE,
          "'" + name + "' is being published by somebody else at the moment. Try again later");
    }
    try {
      Turn turn = take();
      return () -> {
        turn.close();
        names.remove(key);
      };
    } catch (RuntimeException e) {
      names.remove(key);
      throw e;
    }
  }
}
