/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The seeds of each parser, what once broke it, and random damage to them: no exception but the
 * documented ones, no secret in a message, an end in time, and no more memory than its limit.
 * {@code -Dfuzz.seed=N} draws other damage, {@code -Dfuzz.mutants=N} more.
 */
@Tag("unit")
class DamagedTextTest {
  private static final long SEED = Long.getLong("fuzz.seed", 20261128);
  private static final int MUTANTS = Integer.getInteger("fuzz.mutants", 300);

  /** Far below what an executor or a driver has, far above what any of the seeds needs. */
  private static final long MOST_BYTES = 64 << 20;

  private static final List<String> PIECES =
      List.of(
          "\"",
          "\\",
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "\n",
          "\0",
          "null",
          "true",
          "-",
          "1e999999999",
          "-0.0",
          "9223372036854775808",
          "9".repeat(1_001),
          "[".repeat(1_001),
          "(".repeat(1_001),
          "NOT ".repeat(1_001),
          "{\"a\":".repeat(1_001),
          "a".repeat(70_000),
          "\u00ff\u00fe",
          "\\ud800",
          "<<: *a",
          "!!java.net.URL [x]",
          "'");

  @ParameterizedTest
  @EnumSource
  void noHarm(ParserUnderFuzz parser) throws IOException {
    List<Path> corpus;
    try (Stream<Path> files = Files.list(parser.corpus())) {
      corpus = files.sorted().toList();
    }
    assertThat(corpus).isNotEmpty();
    for (Path seed : corpus) {
      byte[] bytes = Files.readAllBytes(seed);
      run(parser, seed.toString(), bytes);
      Random random = new Random(SEED + seed.getFileName().hashCode());
      for (int i = 0; i < MUTANTS; i++) {
        byte[] damaged = damaged(bytes, random);
        for (int more = random.nextInt(3); more > 0; more--) {
          damaged = damaged(damaged, random);
        }
        run(parser, seed + ", damage " + i + " of -Dfuzz.seed=" + SEED, damaged);
      }
    }
  }

  private static void run(ParserUnderFuzz parser, String what, byte[] bytes) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          long before = threads.getCurrentThreadAllocatedBytes();
          try {
            parser.run(bytes);
          } catch (Throwable e) {
            throw new AssertionError(what + ": " + e, e);
          }
          assertThat(threads.getCurrentThreadAllocatedBytes() - before)
              .as(what)
              .isLessThan(MOST_BYTES);
        },
        what);
  }

  private static byte[] damaged(byte[] bytes, Random random) {
    int at = random.nextInt(bytes.length + 1);
    int end = at + random.nextInt(Math.min(bytes.length - at, 40) + 1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, at);
    int from = end;
    switch (random.nextInt(5)) {
      case 0 -> from = bytes.length;
      case 1 ->
          out.writeBytes(
              PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.ISO_8859_1));
      case 2 -> {
        out.write(bytes, at, end - at);
        out.write(bytes, at, end - at);
      }
      case 3 -> {
        out.write(random.nextInt(256));
        from = Math.min(at + 1, bytes.length);
      }
      default -> {}
    }
    out.write(bytes, from, bytes.length - from);
    return out.toByteArray();
  }
}
