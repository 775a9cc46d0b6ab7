package io.github.deltasharing.server;

import java.time.Duration;

/** The limits of a server under test: everything short and small. Not thread-safe. */
final class TestLimits {
  Duration bodyTime = Duration.ofSeconds(1);
  Duration idleConnection = Duration.ofSeconds(30);
  int connections = 2_000;
  Duration grace = Duration.ofSeconds(1);
  int running = 4;
  int waiting = 100;
  Duration waitingTime = Duration.ofSeconds(20);
  Duration hintTime = Duration.ofSeconds(3);
  Duration stopTime = Duration.ofSeconds(5);

  ServerLimits build() {
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
