/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * The examples of a recipient as a jar for {@code spark-submit}, compiled with a distribution's
 * jars: a program that writes streams and was compiled with Spark 3.5 does not link with Spark 4.
 */
final class ExamplesJar {
  private static final Path SOURCES =
      Path.of("connector-examples", "src", "main", "java", "io", "github", "deltasharing")
          .resolve("examples");

  private ExamplesJar() {}

  /**
   * Makes the jar.
   *
   * @param more sources besides
   */
  static Path of(SparkDistribution spark, Path scratch, Path... more) throws IOException {
    Path classes = Files.createDirectories(scratch.resolve("classes"));
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-nowarn", "-proc:none", "-d", classes.toString(), "-cp"));
    arguments.add(spark.jars());
    for (String name : List.of("ReadSharedTable", "ReadChanges", "NightlyChanges")) {
      arguments.add(SOURCES.resolve(name + ".java").toString());
    }
    Arrays.stream(more).map(Path::toString).forEach(arguments::add);
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, arguments.toArray(String[]::new)))
        .isZero();
    Path jar = scratch.resolve("examples.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file);
        Stream<Path> files = Files.walk(classes)) {
      for (Path path : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(
            new JarEntry(classes.relativize(path).toString().replace(File.separatorChar, '/')));
        Files.copy(path, out);
      }
    }
    return jar;
  }
}
