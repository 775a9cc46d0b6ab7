/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.audit;

import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.store.AuditEvent;
import io.github.deltasharing.server.store.AuditStore;
import io.github.deltasharing.server.store.Database;
import io.github.deltasharing.server.store.UsageStore;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** The database that events are kept in, and how long. Used by one thread. */
final class AuditDatabase implements AuditSink {
  private static final int ATTEMPTS = 3;
  private static final int DELETED_AT_ONCE = 1_000;
  private static final int DELETIONS = 20;

  private final Database database;
  private final AuditStore events = new AuditStore();
  private final UsageStore usage = new UsageStore();
  private final Duration keptFor;
  private final long mostEvents;
  private final Clock clock;

  AuditDatabase(Database database, Duration keptFor, long mostEvents, Clock clock) {
    this.database = database;
    this.keptFor = keptFor;
    this.mostEvents = mostEvents;
    this.clock = clock;
  }

  @Override
  public Outcome keep(List<AuditEvent> batch) {
    for (int attempt = 1; ; attempt++) {
      try {
        database.write(
            session -> {
              events.add(session, batch);
              usage.add(session, batch);
              return null;
            });
        return Outcome.KEPT;
      } catch (ServerError e) {
        if (e.status() == 503) {
          return Outcome.LATER;
        }
        // Another server may have made a sum of usage at the same time.
        if (e.status() != 409 || attempt == ATTEMPTS) {
          return isKept(batch) ? Outcome.KEPT : Outcome.REFUSED;
        }
      }
    }
  }

  /** Whether they are there: a connection may have ended after all was done. */
  private boolean isKept(List<AuditEvent> batch) {
    String last = batch.get(batch.size() - 1).id();
    return database.read(session -> events.has(session, last));
  }

  @Override
  public boolean prune() {
    String oldest = AuditStore.firstId(clock.instant().minus(keptFor));
    Optional<String> ofMost = database.read(session -> events.oldestOf(session, mostEvents));
    String before = ofMost.filter(id -> id.compareTo(oldest) > 0).orElse(oldest);
    for (int i = 0; i < DELETIONS; i++) {
      int deleted = database.write(session -> events.delete(session, before, DELETED_AT_ONCE));
      if (deleted == 0) {
        LocalDate day = LocalDate.ofInstant(clock.instant().minus(keptFor), ZoneOffset.UTC);
        database.write(session -> usage.delete(session, day));
        return false;
      }
    }
    return true;
  }
}
