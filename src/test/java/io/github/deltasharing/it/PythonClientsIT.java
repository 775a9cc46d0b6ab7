/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import io.github.deltasharing.testing.PythonEnvironment;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Our server judged by clients that nobody here wrote: {@code delta-sharing} in Python in both
 * response formats, DuckDB and delta-rs on the files behind.
 */
class PythonClientsIT {
  @TempDir Path scratch;

  @TestFactory
  Stream<DynamicTest> checks() throws Exception {
    PythonEnvironment spark = PythonEnvironment.of("spark-3.5");
    return PythonSuite.run(PythonEnvironment.over(spark, "clients"), "clients_suite.py", scratch);
  }
}
