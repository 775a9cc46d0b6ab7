/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.http;

import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Whether requests should be sent to this server. Safe for use by several threads. */
public final class Readiness {
  private final BooleanSupplier database;
  private volatile boolean stopping;

  /**
   * A server that is ready while its database is there.
   *
   * @param database whether it is; asked each time
   */
  public Readiness(BooleanSupplier database) {
    this.database = database;
  }

  /** From now on it is not ready. */
  public void stop() {
    stopping = true;
  }

  public boolean isStopping() {
    return stopping;
  }

  /** Why it is not ready, for everybody to read; empty if it is. */
  public Optional<String> problem() {
    if (stopping) {
      return Optional.of("The server is stopping");
    }
    return database.getAsBoolean()
        ? Optional.empty()
        : Optional.of("The database cannot be reached");
  }
}
