/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The jars of Spark lines: what Maven resolves for {@code spark-sql}. One Maven of the version that
 * runs this build resolves them all, from where this build's own dependencies come: with its
 * settings, mirrors and local repository, and offline if it is.
 */
final class LineJars {
  private static final Path DIRECTORY = Path.of("target", "lines", "jars").toAbsolutePath();

  private LineJars() {}

  /**
   * The jars of each line; of a line that cannot be had, none.
   *
   * @throws IOException if that is so of one that README has, and the build is to try all lines
   */
  static Map<SparkLine, List<Path>> of(List<SparkLine> lines)
      throws IOException, InterruptedException {
    Files.createDirectories(DIRECTORY);
    // Another test class may want them at the same time.
    try (FileChannel channel =
            FileChannel.open(
                DIRECTORY.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      List<SparkLine> missing = lines.stream().filter(line -> known(line).isEmpty()).toList();
      if (!missing.isEmpty()) {
        resolve(missing);
      }
    }
    Map<SparkLine, List<Path>> jars = new LinkedHashMap<>();
    lines.forEach(line -> jars.put(line, known(line)));
    LinesTable claimed = LinesTable.read();
    List<SparkLine> without =
        lines.stream().filter(line -> jars.get(line).isEmpty() && claimed.has(line)).toList();
    if (!without.isEmpty() && System.getProperty("lines", "").equals("all")) {
      throw new IOException(
          "README has "
              + without
              + ", whose jars cannot be had, see "
              + DIRECTORY.resolve("maven.log"));
    }
    return jars;
  }

  private static Path module(SparkLine line) {
    return DIRECTORY.resolve("spark-" + line.spark() + "_" + line.scala());
  }

  /** What an earlier resolution has written, if all of it is still there. */
  private static List<Path> known(SparkLine line) {
    Path file = module(line).resolve("classpath");
    try {
      List<Path> jars =
          Files.exists(file)
              ? Arrays.stream(Files.readString(file).strip().split(File.pathSeparator))
                  .map(Path::of)
                  .toList()
              : List.of();
      return jars.stream().allMatch(Files::exists) ? jars : List.of();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void resolve(List<SparkLine> lines) throws IOException, InterruptedException {
    StringBuilder modules = new StringBuilder();
    for (SparkLine line : lines) {
      Path module = Files.createDirectories(module(line));
      Files.deleteIfExists(module.resolve("classpath"));
      Files.writeString(module.resolve("pom.xml"), pom(line));
      modules.append("<module>").append(module.getFileName()).append("</module>");
    }
    Files.writeString(
        DIRECTORY.resolve("pom.xml"), project("lines", "<modules>" + modules + "</modules>"));
    Path log = DIRECTORY.resolve("maven.log");
    Process maven =
        new ProcessBuilder(command())
            .directory(DIRECTORY.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    // Fails if a single line cannot be had; the others have their file.
    maven.waitFor();
  }

  private static String pom(SparkLine line) {
    return project(
        line.spark() + "_" + line.scala(),
        """
        <dependencies><dependency>
          <groupId>org.apache.spark</groupId><artifactId>spark-sql_%s</artifactId><version>%s</version>
        </dependency></dependencies>"""
            .formatted(line.scala(), line.spark()));
  }

  private static String project(String name, String content) {
    return """
        <project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
        <groupId>io.github.deltasharing.lines</groupId><artifactId>%s</artifactId><version>1</version>
        <packaging>pom</packaging>
        %s
        </project>"""
        .formatted(name, content);
  }

  private static List<String> command() {
    List<String> command = MavenOfThisBuild.command();
    command.add("--fail-at-end");
    command.add("-Dmdep.outputFile=classpath");
    command.add("org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath");
    return command;
  }
}
