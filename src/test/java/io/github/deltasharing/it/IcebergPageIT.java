/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.docs.DocBlock;
import io.github.deltasharing.testing.PythonEnvironment;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the page of Iceberg tables says to paste: a table is written, served, and read by the built
 * jar and by the client for Python. Iceberg's jar and that client are the build's own, of the
 * versions that the page names.
 */
class IcebergPageIT {
  private static final Duration LONGEST = Duration.ofMinutes(8);
  private static final String PORT = "8090";

  /** Ends with the first command that fails, and stops the server. */
  private static final String SHELL =
      """
      set -emuo pipefail
      trap 'kill $(jobs -p) 2> /dev/null || true' EXIT
      """;

  @TempDir static Path clone;

  @Test
  void theExampleRuns() throws IOException, InterruptedException {
    PythonEnvironment spark = PythonEnvironment.of("spark-3.5");
    PythonEnvironment python = PythonEnvironment.over(spark, "clients");
    Path target = Files.createDirectories(clone.resolve("target"));
    for (String jar : List.of("connector.jar", "server.jar")) {
      Path built = Path.of(System.getProperty(jar));
      Files.copy(built, target.resolve(built.getFileName()));
    }
    List<DocBlock> blocks =
        DocBlock.toRun("sh").stream()
            .filter(block -> block.page().equals("docs/iceberg.md"))
            .toList();
    assertThat(blocks).hasSize(3);
    Path script =
        Files.writeString(
            clone.resolve("pieces.sh"),
            blocks.stream()
                .map(DocBlock::text)
                .map(IcebergPageIT::withTheBuildsOwn)
                .collect(Collectors.joining("", SHELL, "echo done\n"))
                .replace(PORT, freePort()));
    ProcessBuilder shell = new ProcessBuilder("bash", script.toString()).directory(clone.toFile());
    Map<String, String> environment = shell.environment();
    environment.keySet().removeIf(name -> name.startsWith("SPARK_"));
    Path home = spark.packageDirectory("pyspark");
    environment.put("SPARK_HOME", home.toString());
    environment.put("SPARK_LOCAL_IP", "127.0.0.1");
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put(
        "PATH",
        List.of(
                home.resolve("bin").toString(),
                python.python().getParent().toString(),
                Path.of(System.getProperty("java.home"), "bin").toString(),
                environment.get("PATH"))
            .stream()
            .collect(Collectors.joining(File.pathSeparator)));
    try (RunningProcess pieces = RunningProcess.start(shell, clone.resolve("pieces.log"))) {
      int exit = pieces.end(LONGEST);
      String said = pieces.output();
      assertThat(exit).as(said).isZero();
      assertThat(said.lines())
          .contains("DE\t90", "FR\t90", "JP\t90", "1\tinsert\t300", "2\tdelete\t30")
          .contains("270 rows in pandas", "done");
    }
  }

  private static String freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return String.valueOf(socket.getLocalPort());
    }
  }

  private static String withTheBuildsOwn(String text) {
    Path jars = Path.of(System.getProperty("iceberg.jars", "target/iceberg")).toAbsolutePath();
    return text.replaceAll(
            "--packages org\\.apache\\.iceberg:([^:\\s]+):(\\S+)", "--jars " + jars + "/$1-$2.jar")
        .replaceAll(
            "(?m)^pip install (\\S+)==(\\S+)$",
            "python3 -c \"from importlib.metadata import version; assert version('$1') == '$2'\"");
  }
}
