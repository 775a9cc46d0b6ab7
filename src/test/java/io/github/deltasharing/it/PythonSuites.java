/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import io.github.deltasharing.testing.PythonEnvironment;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Runs suites of {@code src/test/python} against the server jar with the tables of {@link
 * PythonTables}. Close it after use.
 */
final class PythonSuites implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofMinutes(12);

  private final Path directory;
  private final ServerJar server;

  private PythonSuites(Path directory, ServerJar server) {
    this.directory = directory;
    this.server = server;
  }

  /** Writes the tables and starts the server. */
  static PythonSuites start(Path directory) throws IOException {
    Path tables = Files.createDirectories(directory.resolve("tables"));
    List<String> names = PythonTables.write(tables);
    TestSpark.session().stop(); // Memory and cores for what follows.
    return new PythonSuites(
        directory, ServerJar.start(tables, names, directory, directory.resolve("config.share")));
  }

  /**
   * The checks of a suite, as tests; after them, that it came to its end and that no secret was
   * printed.
   */
  Stream<DynamicTest> run(PythonEnvironment python, String name)
      throws IOException, InterruptedException {
    Path scratch = Files.createDirectories(directory.resolve(name));
    return PythonSuite.run(
        python,
        name,
        List.of(
            "--profile=" + directory.resolve("config.share"),
            "--tables=" + directory.resolve("tables"),
            "--scratch=" + scratch,
            "--connector=" + System.getProperty("connector.jar")),
        scratch,
        LONGEST,
        server.token(),
        "signature=");
  }

  @Override
  public void close() {
    server.close();
  }
}
