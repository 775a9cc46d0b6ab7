/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.http;

import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one INFO line for each request to the logger {@code io.github.deltasharing.access} and
 * passes the record to the observers. Safe for use by several threads if they are.
 */
public final class AccessLog implements Consumer<AccessRecord> {
  private static final Logger ACCESS = LoggerFactory.getLogger("io.github.deltasharing.access");
  private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);

  private final List<Consumer<AccessRecord>> observers;

  public AccessLog(List<Consumer<AccessRecord>> observers) {
    this.observers = List.copyOf(observers);
  }

  @Override
  public void accept(AccessRecord access) {
    if (ACCESS.isInfoEnabled()) {
      ACCESS.info(access.toLogLine());
    }
    for (Consumer<AccessRecord> observer : observers) {
      try {
        observer.accept(access);
      } catch (RuntimeException e) {
        LOG.warn("An observer of requests failed", e);
      }
    }
  }
}
