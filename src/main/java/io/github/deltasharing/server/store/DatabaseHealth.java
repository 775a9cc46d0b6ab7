/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * Whether the database is there, for those who ask often and wait little: it is looked at every
 * other second at most, by one thread, and what takes longer than a probe waits is taken for not
 * there. Safe for use by several threads.
 */
public final class DatabaseHealth {
  private static final Duration KEPT = Duration.ofSeconds(2);

  /** Less than the second that process managers wait. */
  private static final Duration LIMIT = Duration.ofMillis(800);

  private final BooleanSupplier check;
  private final Clock clock;
  private final Duration limit;
  private boolean up = true;
  private Instant checked = Instant.EPOCH;
  private FutureTask<Boolean> running;

  /** The health of a database that is there now. */
  public DatabaseHealth(Database database, Clock clock) {
    this(database::answers, clock, LIMIT);
  }

  DatabaseHealth(BooleanSupplier check, Clock clock, Duration limit) {
    this.check = check;
    this.clock = clock;
    this.limit = limit;
  }

  /** Whether it is there, or was at the last look. */
  public boolean isUp() {
    FutureTask<Boolean> mine;
    synchronized (this) {
      Instant now = clock.instant();
      boolean fresh = !now.isBefore(checked) && now.isBefore(checked.plus(KEPT));
      if (running != null || fresh) {
        return up;
      }
      mine = new FutureTask<>(this::look);
      running = mine;
    }
    Thread thread = new Thread(mine, "sharing-database-check");
    thread.setDaemon(true);
    thread.start();
    try {
      return mine.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return noteLate(mine);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean look() {
    boolean there = false;
    try {
      there = check.getAsBoolean();
    } finally {
      synchronized (this) {
        up = there;
        checked = clock.instant();
        running = null;
      }
    }
    return there;
  }

  /** Not there, unless the look has ended meanwhile. */
  private synchronized boolean noteLate(FutureTask<Boolean> look) {
    if (running == look) {
      up = false;
    }
    return up;
  }
}
