/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.deltasharing.docs.DocBlock;
import io.github.deltasharing.examples.QuickStart;
import io.github.deltasharing.testing.PythonEnvironment;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The quick start with {@code --serve}, and then what README and the pages say to paste: into
 * {@code pyspark}, {@code spark-shell} and {@code spark-sql} of a distribution, started as README
 * says, in the directory in which the quick start has run; and the commands of the provider's
 * pages. What is in SQL and Java alone: {@code DocSqlTest}.
 */
class QuickStartIT {
  private static final Duration LONGEST = Duration.ofMinutes(8);

  /** Ends with the first command that fails, or is refused, and stops the server. */
  private static final String SHELL =
      """
      set -euo pipefail
      shopt -s expand_aliases
      trap 'kill $(jobs -p)' EXIT
      curl() {
        case "$*" in
          "-sf "*) command curl "$@" ;;
          *) command curl --fail-with-body "$@" && echo ;;
        esac
      }
      """;

  /** Where a new user is: in it are the built jar and what the quick start writes. */
  @TempDir static Path clone;

  static RunningProcess quickStart;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    Path target = Files.createDirectories(clone.resolve("target"));
    Path connector = Path.of(System.getProperty("connector.jar"));
    Files.copy(connector, target.resolve(connector.getFileName()));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens"))
        .forEach(command::add);
    command.add("-Xmx1g");
    command.add("-Dquickstart.connector=" + target.resolve(connector.getFileName()));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(QuickStart.class.getName(), "--serve"));
    quickStart =
        RunningProcess.start(
            new ProcessBuilder(command).directory(clone.toFile()), clone.resolve("quickstart.log"));
    try {
      quickStart.await(Pattern.compile("(go on from here)"), LONGEST);
    } catch (IOException | InterruptedException e) {
      quickStart.close();
      throw e;
    }
  }

  @AfterAll
  static void stop() {
    if (quickStart != null) {
      quickStart.close();
    }
  }

  @Test
  void showsBothTablesAndTheirJoinAndHowToGoOn() throws IOException {
    String text = quickStart.output();
    assertThat(text).contains("retail.sales.customers", "retail.sales.orders");
    // 400 customers less those divisible by 97; 5,929 orders less the 51 cancelled ones.
    assertThat(text).contains("396 rows", "5878 rows");
    assertThat(text).containsPattern("Enterprise +59 +858 +564,169\\.72");
    assertThat(text).containsPattern("for this query: \\d+ files, [\\d,]+ bytes, in \\d+ requests");
    assertThat(text)
        .contains(
            "pyspark --jars target/",
            "spark.sql.catalog.shared.profile=target/quickstart/config.share",
            "load(\"target/quickstart/config.share#retail.sales.customers\")",
            "Ctrl-C stops it");
  }

  @Test
  void everyPieceOfPythonRuns() throws Exception {
    List<DocBlock> blocks = DocBlock.toRun("python");
    List<Map<String, Object>> pieces = new ArrayList<>();
    blocks.forEach(
        block ->
            pieces.add(Map.of("page", block.page(), "line", block.line(), "text", block.text())));
    Path file = clone.resolve("pieces.json");
    new ObjectMapper().writeValue(file.toFile(), pieces);
    List<String> arguments = new ArrayList<>(asReadmeSays());
    arguments.add(Path.of("src", "test", "python", "doc_blocks.py").toAbsolutePath().toString());
    Path results = clone.resolve("results.txt");
    arguments.addAll(List.of(file.toString(), results.toString()));
    SparkDistribution.Finished finished = run("python", "spark-submit", arguments);
    assertThat(results).as(finished.output()).exists();
    assertThat(Files.readAllLines(results))
        .containsExactlyElementsOf(blocks.stream().map(block -> "passed " + block).toList());
    assertThat(finished.exit()).isZero();
  }

  @Test
  void everyPieceOfScalaRuns() throws Exception {
    Path script = clone.resolve("pieces.scala");
    Files.writeString(
        script,
        Stream.concat(
                DocBlock.toRun("scala").stream().map(DocBlock::text),
                Stream.of("println(\"orders: \" + orders.count())\nSystem.exit(0)\n"))
            .collect(Collectors.joining("\n")));
    List<String> arguments = new ArrayList<>(asReadmeSays());
    arguments.addAll(List.of("-i", script.toString()));
    SparkDistribution.Finished finished = run("scala", "spark-shell", arguments);
    String said = withoutInfo(finished);
    assertThat(said).contains("orders: 5878").doesNotContain("error:", "Exception");
    assertThat(finished.exit()).as(said).isZero();
  }

  /** The page whose statements name the directory in which Spark was started, and functions. */
  @Test
  void sqlRunsInSparkSql() throws Exception {
    Path script = clone.resolve("pieces.sql");
    Files.writeString(
        script,
        DocBlock.toRun("sql").stream()
            .filter(block -> block.page().equals("docs/sql.md"))
            .map(block -> block.text().strip() + "\n")
            .collect(Collectors.joining("\n")));
    List<String> arguments = new ArrayList<>(asReadmeSays());
    arguments.addAll(
        List.of(
            "--conf",
            "spark.sql.extensions=io.github.deltasharing.catalog.SharingExtensions",
            "-f",
            script.toString()));
    SparkDistribution.Finished finished = run("sql", "spark-sql", arguments);
    String said = withoutInfo(finished);
    assertThat(said).containsPattern("update_postimage\\t\\d+").contains("5878");
    assertThat(finished.exit()).as(said).isZero();
  }

  /** In one shell, from a provider's first steps on: commands with curl, then those of the jar. */
  @Test
  void everyCommandOfTheProvidersPagesRuns() throws Exception {
    assumeTrue(runs("bash", "curl", "python3"), "No bash, curl and python3");
    Path server = Path.of(System.getProperty("server.jar"));
    Files.copy(server, clone.resolve("target").resolve(server.getFileName()));
    List<DocBlock> blocks = new ArrayList<>();
    for (String page : List.of("docs/provider.md", "docs/cli.md", "docs/audit.md")) {
      DocBlock.toRun("sh").stream().filter(block -> block.page().equals(page)).forEach(blocks::add);
    }
    StringBuilder script = new StringBuilder(SHELL);
    blocks.forEach(block -> script.append("%s\necho passed %s\n".formatted(block.text(), block)));
    Path file = Files.writeString(clone.resolve("pieces.sh"), script);
    ProcessBuilder shell = new ProcessBuilder("bash", file.toString()).directory(clone.toFile());
    shell
        .environment()
        .merge(
            "PATH",
            Path.of(System.getProperty("java.home"), "bin").toString(),
            (path, java) -> java + File.pathSeparator + path);
    // A JVM for each command, of a second or two.
    shell.environment().put("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
    try (RunningProcess pieces = RunningProcess.start(shell, clone.resolve("pieces.log"))) {
      int exit = pieces.end(LONGEST);
      String said = pieces.output();
      assertThat(exit).as(said).isZero();
      assertThat(said.lines().filter(line -> line.contains("passed docs/")))
          .hasSize(blocks.size())
          .hasSizeGreaterThan(6);
      assertThat(said)
          .contains("\"table_version\":0", "\"upload_id\":", "activation_url", "spark.read")
          .contains("\"operation\":\"adminUpdatePermissions\"", "\"name\":\"zips\"");
    }
  }

  private static boolean runs(String... programs) throws InterruptedException {
    for (String program : programs) {
      try {
        if (new ProcessBuilder(program, "--version").start().waitFor() != 0) {
          return false;
        }
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }

  private static String withoutInfo(SparkDistribution.Finished finished) {
    return finished
        .output()
        .lines()
        .filter(line -> !line.contains(" INFO "))
        .collect(Collectors.joining("\n"));
  }

  /** The options that README gives to {@code pyspark}, and says that others take. */
  private static List<String> asReadmeSays() throws IOException {
    String[] line =
        DocBlock.all().stream()
            .filter(block -> block.page().equals("README.md"))
            .map(DocBlock::text)
            .filter(text -> text.startsWith("pyspark "))
            .findFirst()
            .orElseThrow()
            .replace("\\\n", " ")
            .strip()
            .split("\\s+");
    return List.of(line).subList(1, line.length);
  }

  private static SparkDistribution.Finished run(String name, String program, List<String> arguments)
      throws IOException, InterruptedException {
    PythonEnvironment environment = PythonEnvironment.of("spark-3.5");
    SparkDistribution spark = SparkDistribution.of(environment, environment, clone);
    Files.createSymbolicLink(
        Files.createDirectories(clone.resolve(name)).resolve("target"), clone.resolve("target"));
    return spark.run(name, program, spark.submit(arguments));
  }
}
