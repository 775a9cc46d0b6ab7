/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.audit;

import io.github.deltasharing.server.store.AuditEvent;
import java.util.List;

/** Where events are kept. Used by one thread. */
interface AuditSink {
  /** What became of events. */
  enum Outcome {
    /** They are kept. */
    KEPT,
    /** They may be later. */
    LATER,
    /** They will never be, together at least. */
    REFUSED
  }

  /** Keeps all of the events or none of them. */
  Outcome keep(List<AuditEvent> events);

  /**
   * Deletes some of what is too old or too much.
   *
   * @return whether there is more of it
   */
  boolean prune();
}
