/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.config;

import java.time.Duration;

/**
 * What one server gives to its clients at most, so that no client stops it for the others. Sizes in
 * bytes. Immutable.
 *
 * @param bodyBytes the longest body of a request
 * @param smallBodyBytes a body up to this long is read whatever other bodies are in memory
 * @param heldBodyBytes all longer bodies in memory at once
 * @param bodyTime from a request's headers to the last byte of its body
 * @param idleConnection how long a connection may be without a whole request, bytes or none
 * @param connections open connections; above it those that have waited longest for a request are
 *     closed. As many requests are served at once, and one client sends a fourth of them at once
 * @param responseRate bytes a second that a client of the REST endpoints has to take
 * @param responseGrace how long such a response may be blocked beyond what the rate allows
 * @param fileRate the same for data files, whose readers may be busy with what they have
 * @param fileGrace the same for data files
 * @param fileBuffers files that are sent at once from large buffers; more of them get small ones
 * @param runningLight table requests that run at once on tables with a small log
 * @param runningHeavy the same on all other tables
 * @param heavyBytes estimated memory of all of the latter
 * @param waiting table requests that wait for their turn, in each of the two lanes
 * @param waitingTime how long they wait
 * @param hintTime how long the hints of one query are evaluated
 * @param stopTime how long running requests may go on once the server is to stop
 */
public record ServerLimits(
    int bodyBytes,
    int smallBodyBytes,
    long heldBodyBytes,
    Duration bodyTime,
    Duration idleConnection,
    int connections,
    long responseRate,
    Duration responseGrace,
    long fileRate,
    Duration fileGrace,
    int fileBuffers,
    int runningLight,
    int runningHeavy,
    long heavyBytes,
    int waiting,
    Duration waitingTime,
    Duration hintTime,
    Duration stopTime) {
  /** A large buffer that a data file is sent from. */
  public static final int FILE_BUFFER_BYTES = 256 << 10;

  private static final int KIB = 1024;

  /** The limits for this JVM's heap and processors. */
  public static ServerLimits of(ServerSettings settings) {
    long heap = Runtime.getRuntime().maxMemory();
    int processors = Runtime.getRuntime().availableProcessors();
    return new ServerLimits(
        KIB * KIB,
        16 * KIB,
        heap / 16,
        Duration.ofSeconds(15),
        Duration.ofSeconds(settings.requestTimeoutSeconds()),
        2_000,
        64 * KIB,
        Duration.ofSeconds(15),
        KIB,
        Duration.ofSeconds(60),
        (int) Math.min(2_000, heap / 8 / FILE_BUFFER_BYTES),
        Math.max(16, 4 * processors),
        Math.max(4, 2 * processors),
        heap / 3,
        128,
        Duration.ofSeconds(20),
        Duration.ofSeconds(3),
        Duration.ofSeconds(5));
  }
}
