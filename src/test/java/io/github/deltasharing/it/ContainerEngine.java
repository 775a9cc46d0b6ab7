/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;

/**
 * The container engine of this machine, by its own program {@code docker}. {@code .ci/run} and
 * {@code dev/container-engine.sh} start one where none is.
 */
final class ContainerEngine {
  private static final Duration LONGEST = Duration.ofMinutes(8);

  private final Path scratch;
  private final AtomicInteger runs = new AtomicInteger();

  private ContainerEngine(Path scratch) {
    this.scratch = scratch;
  }

  /** The engine; aborts the test, saying why, where none answers or there is no base image. */
  static ContainerEngine ofThisMachine(Path scratch) throws IOException, InterruptedException {
    ContainerEngine engine = new ContainerEngine(scratch);
    Finished version;
    try {
      version = engine.run(Map.of(), "docker", "version", "--format", "{{.Server.Version}}");
    } catch (IOException e) {
      version = new Finished(127, e.getMessage());
    }
    Assumptions.assumeTrue(
        version.exit() == 0,
        "SKIPPED: no container engine answers; eval \"$(dev/container-engine.sh start)\" starts"
            + " one on Debian, as root: "
            + version.output());
    Finished base = engine.run(Map.of(), "docker", "image", "inspect", "debian:bookworm-slim");
    if (base.exit() != 0) {
      base = engine.run(Map.of(), "docker", "pull", "-q", "debian:bookworm-slim");
    }
    Assumptions.assumeTrue(
        base.exit() == 0,
        "SKIPPED: the engine has no debian:bookworm-slim and gets none: " + base.output());
    return engine;
  }

  /** How a program ended and all that it wrote. */
  record Finished(int exit, String output) {}

  /** Runs a program in the project's directory to its end. */
  Finished run(Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    Path log = scratch.resolve("run-" + runs.incrementAndGet() + ".log");
    try (RunningProcess process = RunningProcess.start(builder, log)) {
      int exit = process.end(LONGEST);
      return new Finished(exit, process.output());
    }
  }

  /** Runs {@code docker} with these arguments; what it wrote. */
  String docker(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    Finished finished = run(Map.of(), command.toArray(String[]::new));
    if (finished.exit() != 0) {
      throw new IOException(String.join(" ", command) + " failed: " + finished.output());
    }
    return finished.output().strip();
  }

  /** The same, one entry a line. */
  List<String> lines(String... arguments) throws IOException, InterruptedException {
    return docker(arguments).lines().filter(line -> !line.isBlank()).toList();
  }
}
