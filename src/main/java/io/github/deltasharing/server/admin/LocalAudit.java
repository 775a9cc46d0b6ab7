/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.admin;

import io.github.deltasharing.server.store.AuditEvent;
import io.github.deltasharing.server.store.AuditEvent.Action;
import io.github.deltasharing.server.store.AuditEvent.Actor;
import io.github.deltasharing.server.store.AuditEvent.ActorType;
import io.github.deltasharing.server.store.AuditEvent.Resource;
import io.github.deltasharing.server.store.AuditStore;
import io.github.deltasharing.server.store.Database;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Notes what was changed on the store itself, where no request is. Safe for use by several threads.
 *
 * @param by who changes it
 */
record LocalAudit(Database database, String by, Clock clock) {
  /** What is done. Immutable. */
  record Operation(String name, Action action, String resourceType, String resource) {}

  /**
   * Notes an operation that ended.
   *
   * @param status what a request would have got
   * @param errorCode empty if it was done
   */
  void note(Operation operation, Instant start, int status, String errorCode) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    AuditEvent event =
        new AuditEvent(
            AuditEvent.newId(start, random.nextLong(), random.nextLong()),
            start,
            clock.instant().toEpochMilli() - start.toEpochMilli(),
            "",
            operation.name(),
            operation.action(),
            new Actor(ActorType.PRINCIPAL, "local", by),
            operation.resource().isEmpty()
                ? List.of()
                : List.of(new Resource(operation.resourceType(), operation.resource(), "")),
            "",
            -1,
            -1,
            -1,
            status,
            errorCode,
            "",
            "",
            Map.of());
    database.write(
        session -> {
          new AuditStore().add(session, List.of(event));
          return null;
        });
  }
}
