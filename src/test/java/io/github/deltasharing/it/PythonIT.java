/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import io.github.deltasharing.testing.PythonEnvironment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The connector and the server as users of Python meet them; each check of a suite is a test. */
class PythonIT {
  @TempDir static Path directory;

  private static PythonEnvironment python;
  private static PythonSuites suites;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    python = PythonEnvironment.over(PythonEnvironment.of("spark-3.5"), "clients");
    suites = PythonSuites.start(directory);
  }

  @AfterAll
  static void stop() {
    if (suites != null) {
      suites.close();
    }
  }

  /** The connector in a real PySpark, as {@code pip} installs it. */
  @TestFactory
  Stream<DynamicTest> pySpark() throws IOException, InterruptedException {
    return suites.run(python, "pyspark_suite");
  }

  /**
   * Our server judged by clients that nobody here wrote: {@code delta-sharing} in both response
   * formats, DuckDB and delta-rs on the files behind.
   */
  @TestFactory
  Stream<DynamicTest> otherClients() throws IOException, InterruptedException {
    return suites.run(python, "clients_suite");
  }
}
