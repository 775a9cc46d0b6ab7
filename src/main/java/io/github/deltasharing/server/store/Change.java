/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

import java.time.Instant;

/**
 * Who changes something, and when. Immutable.
 *
 * @param by the principal's name
 * @param at by the server's clock
 */
public record Change(String by, Instant at) {
  long millis() {
    return at.toEpochMilli();
  }
}
