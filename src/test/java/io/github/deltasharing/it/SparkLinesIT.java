/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.conformance.TableReads;
import io.github.deltasharing.testing.TableCopies;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The built connector jar on every Spark line: the conformance suite (package {@code conformance})
 * in a JVM of its own on the jars of the line, against the built server jar. Two lines run at a
 * time.
 */
class SparkLinesIT {
  @TempDir static Path directory;
  private static final ExecutorService RUNS = Executors.newFixedThreadPool(2);
  private static final List<LineRun> ran = new ArrayList<>();
  private static ServerJar server;
  private static SharedBucket bucket;

  @BeforeAll
  static void writeAndShare() throws Exception {
    ConformanceTables tables = new ConformanceTables(directory);
    List<String> names = tables.write();
    TestSpark.session().stop();
    server =
        ServerJar.start(tables.directory(), names, directory, directory.resolve("config.share"));
    bucket = new SharedBucket(UUID.randomUUID().toString(), "session");
    TableReads.IN_BUCKETS.forEach(table -> bucket.with(tables.directory().resolve(table)));
    bucket.writeProfile(directory.resolve("directories.share"));
  }

  @AfterAll
  static void stop() {
    RUNS.shutdownNow();
    if (server != null) {
      server.close();
    }
    if (bucket != null) {
      bucket.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuitePassesOnEveryLine() throws Exception {
    List<SparkLine> lines = SparkLine.withSuiteInThisBuild();
    Map<SparkLine, List<Path>> jars = LineJars.of(lines);
    JavaHomes homes = JavaHomes.find();
    List<DynamicTest> tests = new ArrayList<>();
    for (SparkLine line : lines) {
      for (int java : line.javaVersionsOfThisBuild()) {
        Optional<Path> home = homes.of(java);
        Optional<Future<LineRun>> run =
            jars.get(line).isEmpty()
                ? Optional.empty()
                : home.map(h -> RUNS.submit(() -> run(line, jars.get(line), java, h, "Checks")));
        tests.add(
            DynamicTest.dynamicTest(
                "Spark " + line + ", Java " + java,
                () -> {
                  String name = "Spark " + line + " on Java " + java;
                  Assumptions.assumeFalse(
                      jars.get(line).isEmpty(), name + " is not tried: its jars cannot be had");
                  Assumptions.assumeTrue(
                      home.isPresent(), name + " is not tried: that Java is not here");
                  LineRun result = run.orElseThrow().get();
                  check(result);
                  ran.add(result);
                }));
      }
    }
    tests.add(DynamicTest.dynamicTest("README's table", SparkLinesIT::checkTable));
    return tests.stream();
  }

  /**
   * Holds README to what ran, or writes it: then lines that have not run keep their rows, if others
   * ran than all.
   */
  private static void checkTable() throws IOException {
    boolean write = Boolean.getBoolean("lines.write");
    LinesTable table =
        write && System.getProperty("lines").equals("all") ? new LinesTable() : LinesTable.read();
    List<String> differences = new ArrayList<>();
    for (LineRun run : ran) {
      int passed = run.with("passed").size();
      Integer said = table.get(run.line(), run.java());
      if (said == null || said != passed) {
        differences.add(
            "Spark %s, Java %d: %d checks passed, README says %s"
                .formatted(run.line(), run.java(), passed, said));
      }
      table.put(run.line(), run.java(), passed);
    }
    if (write) {
      table.write();
    } else {
      assertThat(differences)
          .as("README's table of Spark lines; mvn verify -Plines -Dlines.write=true writes it")
          .isEmpty();
    }
  }

  /** Older releases lack what the connector links with: each use ends in one sentence. */
  @TestFactory
  Stream<DynamicTest> olderReleasesAreRefused() throws Exception {
    Map<SparkLine, List<Path>> jars = LineJars.of(SparkLine.REFUSED);
    Path home = Path.of(System.getProperty("java.home"));
    List<DynamicTest> tests = new ArrayList<>();
    for (SparkLine line : SparkLine.REFUSED) {
      Optional<Future<LineRun>> run =
          jars.get(line).isEmpty()
              ? Optional.empty()
              : Optional.of(RUNS.submit(() -> run(line, jars.get(line), 17, home, "Refusals")));
      tests.add(
          DynamicTest.dynamicTest(
              "Spark " + line,
              () -> {
                Assumptions.assumeTrue(
                    run.isPresent(), "Spark " + line + " is not tried: its jars cannot be had");
                check(run.orElseThrow().get());
              }));
    }
    return tests.stream();
  }

  private static LineRun run(SparkLine line, List<Path> jars, int java, Path home, String classes)
      throws IOException, InterruptedException {
    Path scratch =
        Path.of("target", "lines", "runs", line.toString().replace('/', '_') + "-java" + java)
            .toAbsolutePath();
    if (Files.exists(scratch)) {
      TableCopies.delete(scratch);
    }
    Files.createDirectories(scratch);
    return LineRun.of(line, jars, java, home, classes, directory, scratch);
  }

  private static void check(LineRun run) {
    List<LineRun.Check> failed = run.with("failed");
    System.out.printf(
        "Spark %s, Java %d: %d checks passed, %d failed, %d left out; %d s%n",
        run.line(),
        run.java(),
        run.with("passed").size(),
        failed.size(),
        run.with("skipped").size(),
        run.seconds());
    assertThat(failed).as("Spark %s, Java %d", run.line(), run.java()).isEmpty();
    assertThat(run.with("passed")).isNotEmpty();
  }
}
