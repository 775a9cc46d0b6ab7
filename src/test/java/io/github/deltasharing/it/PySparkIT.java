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
 * The connector in a real PySpark, as {@code pip} installs it: what its users write, and what they
 * see.
 */
class PySparkIT {
  @TempDir Path scratch;

  @TestFactory
  Stream<DynamicTest> checks() throws Exception {
    PythonEnvironment spark = PythonEnvironment.of("spark-3.5");
    return PythonSuite.run(PythonEnvironment.over(spark, "clients"), "pyspark_suite.py", scratch);
  }
}
