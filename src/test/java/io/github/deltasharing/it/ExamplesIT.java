/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.testing.PythonEnvironment;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a recipient does with a copy of {@code connector-examples} alone, against the quick start's
 * tables: the examples jar, built by its own POM; the files in SQL and Scala; the Maven project to
 * copy.
 */
class ExamplesIT {
  private static final Duration LONGEST = Duration.ofMinutes(8);

  /** Of a connector that is installed for this test only, in the local repository. */
  private static final String VERSION = "0.0.0-examples-it";

  @TempDir static Path directory;
  static Path examples;
  static ServedRetail retail;

  @BeforeAll
  static void copyAndServe() throws IOException {
    examples = directory.resolve("connector-examples");
    Path here = Path.of("connector-examples");
    Files.walkFileTree(
        here,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes)
              throws IOException {
            if (dir.endsWith("target")) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            Files.createDirectories(examples.resolve(here.relativize(dir)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(file, examples.resolve(here.relativize(file)));
            return FileVisitResult.CONTINUE;
          }
        });
    retail = ServedRetail.in(directory);
  }

  @AfterAll
  static void stop() {
    if (retail != null) {
      retail.close();
    }
  }

  /** A stream, which links with the Spark alone that the jar was compiled with; then Scala. */
  @Test
  void theJarOfItsPomAndScalaRun(@TempDir Path scratch) throws Exception {
    assertTheJarOfItsPomAndScalaRun("spark-3.5", "3.5", "", scratch);
  }

  @Test
  @Tag("nightly")
  void theJarOfItsPomAndScalaRunOnSpark4(@TempDir Path scratch) throws Exception {
    assertTheJarOfItsPomAndScalaRun("spark-4", "4", "-Pspark-4", scratch);
  }

  private static void assertTheJarOfItsPomAndScalaRun(
      String line, String name, String profile, Path scratch) throws Exception {
    SparkDistribution spark = spark(line, scratch);
    List<String> options = new ArrayList<>(List.of("-f", examples.resolve("pom.xml").toString()));
    Stream.of(profile, "package").filter(option -> !option.isEmpty()).forEach(options::add);
    maven("jar-" + name, options);
    Path jar = examples.resolve(Path.of("target", "delta-sharing-examples-spark-" + name + ".jar"));
    assertHoldsTheRecipientsExamples(jar);
    List<String> nightly = new ArrayList<>(connector());
    nightly.addAll(List.of("--class", "io.github.deltasharing.examples.NightlyChanges"));
    nightly.addAll(List.of(jar.toString(), retail.profile() + "#retail.sales.orders"));
    nightly.add(scratch.resolve("archive").toString());
    nightly.add(scratch.resolve("checkpoint").toString());
    assertSaid(
        spark.run("nightly", "spark-submit", spark.submit(nightly)),
        retail.orders().count() + " changed rows are new");
    assertScalaRuns(spark, scratch);
  }

  private static void assertHoldsTheRecipientsExamples(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      String place = "io/github/deltasharing/examples/";
      assertThat(file.stream().map(ZipEntry::getName).filter(entry -> entry.endsWith(".class")))
          .contains(
              place + "ReadSharedTable.class",
              place + "ReadChanges.class",
              place + "KeepCopy.class")
          .noneMatch(entry -> entry.contains("QuickStart") || entry.contains("RetailTables"));
    }
  }

  private static void assertScalaRuns(SparkDistribution spark, Path scratch) throws Exception {
    String source = Files.readString(examples.resolve(Path.of("scala", "read_shared_table.scala")));
    String here = "sys.env.getOrElse(\"DELTA_SHARING_PROFILE\", \"config.share\")";
    assertThat(source).contains(here);
    Path script =
        Files.writeString(
            scratch.resolve("example.scala"),
            source.replace(here, "\"" + retail.profile() + "\"") + "\nSystem.exit(0)\n");
    List<String> arguments = new ArrayList<>(connector());
    arguments.addAll(List.of("-i", script.toString()));
    SparkDistribution.Finished finished =
        spark.run("scala", "spark-shell", spark.submit(arguments));
    assertThat(finished.output())
        .containsPattern("\\| +5\\| *update_preimage\\| *" + retail.changed(5) + "\\|")
        .containsPattern("\\| +6\\| *delete\\| *" + retail.changed(6) + "\\|")
        .contains(retail.ordersAt(1) + " orders then, " + retail.orders().count() + " now")
        .doesNotContain("error:")
        .doesNotContain(retail.secrets());
    for (Row row : retail.bySegment("ordered_at >= '2025-07-01'")) {
      assertThat(finished.output())
          .containsPattern(
              "\\| *%s *\\| *%d\\| *%s\\|"
                  .formatted(row.getString(0), row.getLong(2), row.getDecimal(3)));
    }
    assertThat(finished.exit()).isZero();
  }

  /** All files of {@code sql}, with the options that its README gives. */
  @Test
  void sqlRuns(@TempDir Path scratch) throws Exception {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.list(examples.resolve("sql"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".sql")).sorted().toList()) {
        // One JVM for all; each begins as a shell does.
        all.append("USE spark_catalog.default;\n").append(Files.readString(file)).append('\n');
      }
    }
    Path script = Files.writeString(scratch.resolve("all.sql"), all);
    SparkDistribution spark = spark("spark-3.5", scratch);
    List<String> arguments = new ArrayList<>(connector());
    for (String conf :
        List.of(
            "spark.sql.catalog.shared=io.github.deltasharing.catalog.SharingCatalog",
            "spark.sql.catalog.shared.profile=" + retail.profile(),
            "spark.sql.extensions=io.github.deltasharing.catalog.SharingExtensions")) {
      arguments.addAll(List.of("--conf", conf));
    }
    for (String value :
        List.of("share=retail", "schema=sales", "table=orders", "version=4", "start=5", "end=6")) {
      arguments.addAll(List.of("-d", value));
    }
    arguments.addAll(List.of("-d", "profile=" + retail.profile(), "-f", script.toString()));
    assertSaid(
        spark.run("sql", "spark-sql", spark.submit(arguments)),
        "\norders\n",
        "now\t" + retail.orders().count(),
        "then\t" + retail.ordersAt(4),
        "5\tupdate_postimage\t" + retail.changed(5),
        "6\tdelete\t" + retail.changed(6));
  }

  /** With a connector in the local repository, as {@code mvn install} leaves it there. */
  @Test
  void theProjectToCopyRuns() throws Exception {
    Path installed =
        MavenOfThisBuild.localRepository()
            .resolve(Path.of("io", "github", "deltasharing", "delta-sharing-spark-connector"))
            .resolve(VERSION);
    Files.createDirectories(installed);
    Path jar = installed.resolve("delta-sharing-spark-connector-" + VERSION + ".jar");
    Path pom = installed.resolve("delta-sharing-spark-connector-" + VERSION + ".pom");
    try {
      Files.deleteIfExists(jar);
      Files.copy(Path.of(System.getProperty("connector.jar")), jar);
      Files.writeString(
          pom,
          Files.readString(Path.of("pom.xml"))
              .replaceFirst("<version>[^<]+</version>", "<version>" + VERSION + "</version>"));
      SparkDistribution.Finished finished =
          maven(
              "project",
              List.of(
                  "-f",
                  examples.resolve(Path.of("maven-project", "pom.xml")).toString(),
                  "-Dconnector.version=" + VERSION,
                  "-Dprofile=" + retail.profile(),
                  "compile",
                  "exec:exec"));
      assertThat(finished.output()).contains("retail.sales.customers", "retail.sales.orders");
      for (Row row : retail.bySegment("true")) {
        assertThat(finished.output())
            .containsPattern(
                "\\| *%s *\\| *%d\\| *%s\\|"
                    .formatted(row.getString(0), row.getLong(2), row.getDecimal(3)));
      }
    } finally {
      try (Stream<Path> left = Files.list(installed)) {
        for (Path file : left.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(installed);
    }
  }

  /** Its first batch; it goes on until it is stopped. */
  @Test
  void theCopyInPythonIsTheTable(@TempDir Path scratch) throws Exception {
    SparkDistribution spark = spark("spark-3.5", scratch);
    String deltaLake =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(jar -> jar.matches(".*[/\\\\]delta-(spark_|storage-)[^/\\\\]*\\.jar"))
            .collect(Collectors.joining(","));
    Path copy = scratch.resolve("copy");
    Path checkpoint = scratch.resolve("checkpoint");
    List<String> arguments =
        List.of(
            "--master",
            "local[2]",
            "--jars",
            System.getProperty("connector.jar") + "," + deltaLake,
            "--conf",
            "spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension",
            "--conf",
            "spark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog",
            examples.resolve("keep_copy.py").toString(),
            retail.profile() + "#retail.sales.orders",
            copy.toString(),
            checkpoint.toString(),
            "order_id");
    try (RunningProcess process =
        spark.start("copy", "spark-submit", spark.submit(arguments), Map.of())) {
      ClusterFixture.awaitFile(process, checkpoint.resolve("commits").resolve("0"));
      assertThat(process.output()).doesNotContain(retail.secrets());
    }
    Dataset<Row> orders = retail.orders();
    Dataset<Row> kept = orders.sparkSession().read().format("delta").load(copy.toString());
    assertThat(kept.columns()).isEqualTo(orders.columns());
    assertThat(kept.exceptAll(orders).count()).isZero();
    assertThat(orders.exceptAll(kept).count()).isZero();
  }

  private static SparkDistribution spark(String line, Path scratch) throws Exception {
    PythonEnvironment environment = PythonEnvironment.of(line);
    return SparkDistribution.of(environment, environment, scratch);
  }

  private static List<String> connector() {
    return List.of("--master", "local[2]", "--jars", System.getProperty("connector.jar"));
  }

  private static SparkDistribution.Finished maven(String name, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = MavenOfThisBuild.command();
    command.addAll(arguments);
    ProcessBuilder maven = new ProcessBuilder(command).directory(directory.toFile());
    maven.environment().keySet().removeIf(variable -> variable.startsWith("SPARK_"));
    maven.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    maven.environment().put("JAVA_HOME", System.getProperty("java.home"));
    try (RunningProcess process =
        RunningProcess.start(maven, directory.resolve("maven-" + name + ".log"))) {
      int exit = process.end(LONGEST);
      assertThat(exit).as(process.output()).isZero();
      assertThat(process.output()).doesNotContain(retail.secrets());
      return new SparkDistribution.Finished(exit, process.output());
    }
  }

  private static void assertSaid(SparkDistribution.Finished finished, String... texts) {
    assertThat(finished.output()).contains(texts).doesNotContain(retail.secrets());
    assertThat(finished.exit()).as(finished.output()).isZero();
  }
}
