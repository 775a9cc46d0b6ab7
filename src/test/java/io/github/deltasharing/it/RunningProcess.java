/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A program that a test started, its output in a file. Close it: its children end with it. */
final class RunningProcess implements AutoCloseable {
  private final Process process;
  private final Path log;

  private RunningProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  static RunningProcess start(ProcessBuilder program, Path log) throws IOException {
    return new RunningProcess(
        program.redirectErrorStream(true).redirectOutput(log.toFile()).start(), log);
  }

  /** Waits until the output has such a text, and returns its first group. */
  String await(Pattern text, Duration longest) throws IOException, InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    while (true) {
      boolean running = process.isAlive();
      Matcher found = text.matcher(output());
      if (found.find()) {
        return found.group(1);
      }
      if (!running || System.nanoTime() > end) {
        throw new IOException("'" + text + "' is not in the output of " + log + ":\n" + output());
      }
      Thread.sleep(100);
    }
  }

  /** Waits for the end; the exit value. */
  int end(Duration longest) throws IOException, InterruptedException {
    if (!process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
      close();
      throw new IOException("no end after " + longest + ": " + log + ":\n" + output());
    }
    return process.exitValue();
  }

  String output() throws IOException {
    return Files.readString(log, StandardCharsets.ISO_8859_1);
  }

  boolean isRunning() {
    return process.isAlive();
  }

  /** The processes that it started and that run, and theirs. */
  List<ProcessHandle> descendants() {
    return process.descendants().toList();
  }

  private List<ProcessHandle> all() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
  }

  /** It ends at once, with its children, and has no time for anything. */
  void kill() {
    all().forEach(ProcessHandle::destroyForcibly);
  }

  @Override
  public void close() {
    // Once it has ended its children are nobody's.
    List<ProcessHandle> all = all();
    all.forEach(ProcessHandle::destroy);
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    try {
      while (all.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() < end) {
        Thread.sleep(20);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      all.forEach(ProcessHandle::destroyForcibly);
    }
  }
}
