/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.testing.LogCapture;
import io.github.deltasharing.testing.MovableClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The audit's file: no line is lost or broken, and the disk is not filled. */
@Tag("unit")
class AuditFileTest {
  @TempDir Path directory;
  private final MovableClock clock = new MovableClock(Instant.parse("2024-02-28T22:00:00Z"));

  private AuditFile file(long bytes, int files) {
    return new AuditFile(directory.resolve("a/audit.jsonl"), bytes, files, clock);
  }

  private List<Path> files() {
    try (Stream<Path> all = Files.list(directory.resolve("a"))) {
      return all.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Path file : files()) {
      try {
        lines.addAll(Files.readAllLines(file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return lines;
  }

  @Test
  void noLineIsLostWhereverAFileEnds() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<String> expected = new ArrayList<>();
    try (AuditFile file = file(500, 1_000)) {
      List<Future<?>> writers = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        String name = "line of thread " + thread + " number ";
        for (int i = 0; i < 200; i++) {
          expected.add(name + i);
        }
        writers.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 200; i++) {
                    file.write(name + i);
                  }
                }));
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(files()).hasSizeGreaterThan(20);
    assertThat(lines()).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(Files.getPosixFilePermissions(files().get(0)))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void aFileEndsWithTheDayAndTheOldestAreDeleted() {
    try (AuditFile file = file(1 << 20, 2)) {
      for (int day = 0; day < 5; day++) {
        file.write("day " + day);
        file.write("day " + day + " again");
        clock.move(Duration.ofDays(1));
      }
    }
    assertThat(lines())
        .containsExactly("day 2", "day 2 again", "day 3", "day 3 again", "day 4", "day 4 again");
    assertThat(files())
        .extracting(path -> path.getFileName().toString())
        .containsExactly(
            "audit.20240302T220000.000Z.jsonl", "audit.20240303T220000.000Z.jsonl", "audit.jsonl");
  }

  @Test
  void whatACrashBrokeOffIsALineOfItsOwnAndTwoServersHaveAFileEach() throws IOException {
    Files.createDirectories(directory.resolve("a"));
    Files.writeString(directory.resolve("a/audit.jsonl"), "{\"broken");
    Files.setLastModifiedTime(
        directory.resolve("a/audit.jsonl"), java.nio.file.attribute.FileTime.from(clock.instant()));
    try (AuditFile first = file(1 << 20, 2);
        AuditFile second = file(1 << 20, 2)) {
      first.write("one");
      second.write("two");
      first.write("three");
    }
    assertThat(Files.readAllLines(directory.resolve("a/audit.jsonl")))
        .containsExactly("{\"broken", "one", "three");
    assertThat(Files.readAllLines(directory.resolve("a/audit-2.jsonl"))).containsExactly("two");
  }

  @Test
  void aFileThatIsTakenAwayIsMadeAnew() throws IOException {
    try (AuditFile file = file(1 << 20, 2)) {
      file.write("one");
      Files.delete(directory.resolve("a/audit.jsonl"));
      clock.forwardMillis(2_000);
      file.write("two");
    }
    assertThat(lines()).containsExactly("two");
  }

  @Test
  void whatCannotBeWrittenIsCountedAndSaidOnceAMinute() throws IOException {
    Path blocked = directory.resolve("blocked");
    Files.writeString(blocked, "no directory");
    try (LogCapture log = LogCapture.of(AuditFile.class, Level.WARN);
        AuditFile file = new AuditFile(blocked.resolve("audit.jsonl"), 1 << 20, 2, clock)) {
      for (int i = 0; i < 10; i++) {
        assertThat(file.write("line")).isZero();
      }
      assertThat(log.lines()).hasSize(1);
      clock.move(Duration.ofMinutes(1));
      file.write("line");
      assertThat(log.lines()).hasSize(2).last().asString().contains("11 lines");
      Files.delete(blocked);
      clock.move(Duration.ofSeconds(2));
      assertThat(file.write("line")).isEqualTo(11);
      assertThat(file.write("line")).isZero();
    }
  }

  /** As programs do it that rotate logs by themselves. */
  @Test
  void aFileThatIsReplacedIsWrittenToAndNotTheOneBefore() throws IOException {
    Path path = directory.resolve("a/audit.jsonl");
    try (AuditFile file = file(1 << 20, 2)) {
      file.write("one");
      Files.move(path, directory.resolve("a/audit.jsonl.1"));
      Files.createFile(path);
      clock.forwardMillis(2_000);
      file.write("two");
    }
    assertThat(Files.readAllLines(path)).containsExactly("two");
    assertThat(Files.readAllLines(directory.resolve("a/audit.jsonl.1"))).containsExactly("one");
  }

  @Test
  void whatAGapTellsOfIsToldAgainIfItCannotBeWritten() throws IOException {
    Path blocked = directory.resolve("blocked");
    Files.writeString(blocked, "no directory");
    try (AuditFile file = new AuditFile(blocked.resolve("audit.jsonl"), 1 << 20, 2, clock)) {
      assertThat(file.write("a")).isZero();
      assertThat(file.write("b")).isZero();
      Files.delete(blocked);
      clock.forwardMillis(2_000);
      assertThat(file.write("c")).isEqualTo(2);
      file.close();
      Files.delete(blocked.resolve("audit.jsonl"));
      Files.delete(blocked);
      Files.writeString(blocked, "no directory");
      clock.forwardMillis(2_000);
      assertThat(file.write("2 are missing", 2)).isZero();
      Files.delete(blocked);
      clock.forwardMillis(2_000);
      assertThat(file.write("d")).isEqualTo(2);
    }
  }
}
