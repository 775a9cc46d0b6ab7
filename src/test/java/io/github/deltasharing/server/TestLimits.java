/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import io.github.deltasharing.server.config.ServerLimits;
import java.time.Duration;

/** The limits of a server under test: everything short and small. Not thread-safe. */
public final class TestLimits {
  public Duration bodyTime = Duration.ofSeconds(1);
  public Duration idleConnection = Duration.ofSeconds(30);
  public int connections = 2_000;
  public Duration grace = Duration.ofSeconds(1);
  public int running = 4;
  public int waiting = 100;
  public Duration waitingTime = Duration.ofSeconds(20);
  public Duration hintTime = Duration.ofSeconds(3);
  public Duration stopTime = Duration.ofSeconds(5);

  public ServerLimits build() {
    return new ServerLimits(
        64 << 10,
        16 << 10,
        1 << 20,
        bodyTime,
        idleConnection,
        connections,
        1 << 20,
        grace,
        1 << 20,
        grace,
        2,
        running,
        running,
        64 << 20,
        waiting,
        waitingTime,
        hintTime,
        stopTime);
  }
}
