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
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Iceberg REST catalog of the server by engines that have readers of Iceberg of their own,
 * embedded in Python.
 */
class IcebergEnginesIT {
  @TempDir static Path directory;

  @TestFactory
  Stream<DynamicTest> enginesReadTablesByTheirDirectories()
      throws IOException, InterruptedException {
    PythonEnvironment python = PythonEnvironment.over(PythonEnvironment.of("spark-3.5"), "engines");
    try (ServedIcebergCatalog served = ServedIcebergCatalog.start(directory)) {
      return served.suite(python, "engines_suite");
    }
  }
}
