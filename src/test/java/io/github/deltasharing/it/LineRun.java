/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import io.github.deltasharing.conformance.ConformanceMain;
import io.github.deltasharing.testing.TableCopies;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The suite on one line: a JVM with the line's jars, the built connector jar, JUnit and the suite's
 * classes, and nothing else.
 *
 * @param line the line
 * @param java the version of Java
 * @param checks what came of each check
 * @param seconds how long the JVM ran
 */
record LineRun(SparkLine line, int java, List<Check> checks, long seconds) {
  private static final String ADD_MODULES = "--add-modules=";
  private static final int TIMEOUT_MINUTES = 10;

  private static Path suite;

  /** What came of a check: passed, failed or skipped, and why. */
  record Check(String status, String name, String why) {
    @Override
    public String toString() {
      return name + ": " + why;
    }
  }

  /**
   * Runs the suite.
   *
   * @param jars of the line
   * @param home of Java
   * @param classes how the names of the suite's classes end
   * @param data the directory that the build has filled
   * @param scratch an empty directory
   */
  static LineRun of(
      SparkLine line, List<Path> jars, int java, Path home, String classes, Path data, Path scratch)
      throws IOException, InterruptedException {
    Path results = scratch.resolve("checks");
    Path log = scratch.resolve("log");
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin").resolve("java").toString());
    command.addAll(moduleOptions(jars, home));
    command.addAll(
        List.of("-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
    command.add("-Dconformance.directory=" + data);
    command.add("-Dconformance.scratch=" + scratch);
    command.addAll(List.of("-cp", classPath(jars)));
    command.addAll(List.of(ConformanceMain.class.getName(), results.toString(), classes));
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .directory(scratch.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      if (!process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)) {
        throw new IOException("no end after " + TIMEOUT_MINUTES + " minutes, see " + log);
      }
    } finally {
      process.destroyForcibly();
    }
    if (!Files.exists(results)) {
      throw new IOException("no results, see " + log);
    }
    List<Check> checks =
        Files.readAllLines(results).stream()
            .map(text -> text.split("\t", 3))
            .map(parts -> new Check(parts[0], parts[1], parts[2]))
            .toList();
    return new LineRun(
        line, java, checks, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
  }

  /** The checks that have this status. */
  List<Check> with(String status) {
    return checks.stream().filter(check -> check.status().equals(status)).toList();
  }

  /**
   * What the line's own launcher gives to Java 17 and later; but a module that a runtime lacks
   * would keep it from starting: the incubating one for vectors, which nothing but MLlib uses.
   */
  private static List<String> moduleOptions(List<Path> jars, Path home) throws IOException {
    String release = Files.readString(home.resolve("release"));
    List<URL> urls = new ArrayList<>();
    for (Path jar : jars) {
      urls.add(jar.toUri().toURL());
    }
    try (URLClassLoader loader =
        new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Object options =
          loader
              .loadClass("org.apache.spark.launcher.JavaModuleOptions")
              .getMethod("defaultModuleOptions")
              .invoke(null);
      return Arrays.stream(options.toString().strip().split("\\s+"))
          .filter(
              option ->
                  !option.startsWith(ADD_MODULES)
                      || release.contains(option.substring(ADD_MODULES.length())))
          .toList();
    } catch (ReflectiveOperationException e) {
      throw new IOException(e);
    }
  }

  private static String classPath(List<Path> jars) throws IOException {
    List<String> entries = new ArrayList<>();
    entries.add(suite().toString());
    entries.add(System.getProperty("connector.jar"));
    jars.forEach(jar -> entries.add(jar.toString()));
    junit().forEach(jar -> entries.add(jar.toString()));
    return String.join(File.pathSeparator, entries);
  }

  /** The jars of JUnit and AssertJ, out of this JVM's class path. */
  static List<Path> junit() {
    String wanted = "(junit-(jupiter|platform)|opentest4j|apiguardian|assertj|byte-buddy).*\\.jar";
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .filter(entry -> entry.getFileName().toString().matches(wanted))
        .toList();
  }

  /**
   * A directory with the suite's classes and no others: the tests' own must not be there by chance.
   */
  static synchronized Path suite() throws IOException {
    if (suite == null) {
      Path suiteDirectory =
          Path.of("target", "lines", "suite-" + ProcessHandle.current().pid()).toAbsolutePath();
      if (Files.exists(suiteDirectory)) {
        TableCopies.delete(suiteDirectory);
      }
      try {
        Path classes =
            Path.of(
                ConformanceMain.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        String name = ConformanceMain.class.getPackageName().replace('.', '/');
        TableCopies.copy(classes.resolve(name), suiteDirectory.resolve(name));
      } catch (URISyntaxException e) {
        throw new IOException(e);
      }
      suite = suiteDirectory;
    }
    return suite;
  }
}
