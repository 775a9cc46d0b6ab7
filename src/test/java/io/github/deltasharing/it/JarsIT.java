/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the two jars, and that the server's runs. */
class JarsIT {
  private static final Path CONNECTOR = Path.of(System.getProperty("connector.jar"));
  private static final Path SERVER = Path.of(System.getProperty("server.jar"));

  private static List<String> classes(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream().map(ZipEntry::getName).filter(name -> name.endsWith(".class")).toList();
    }
  }

  @Test
  void theConnectorHoldsItsOwnClassesOnlyAndNotTheServers() throws IOException {
    List<String> classes = classes(CONNECTOR);
    assertThat(classes).hasSizeGreaterThan(50);
    assertThat(classes).allMatch(name -> name.startsWith("io/github/deltasharing/"));
    assertThat(classes).noneMatch(name -> name.startsWith("io/github/deltasharing/server/"));
    assertThat(Files.size(CONNECTOR)).isLessThan(5_000_000);
  }

  @Test
  void theConnectorRegistersItsSource() throws IOException {
    try (JarFile jar = new JarFile(CONNECTOR.toFile())) {
      ZipEntry services =
          jar.getEntry("META-INF/services/org.apache.spark.sql.sources.DataSourceRegister");
      String text =
          new String(
              jar.getInputStream(services).readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      assertThat(text.trim()).isEqualTo("io.github.deltasharing.spark.DeltaSharingProvider");
      assertThat(jar.getManifest().getMainAttributes().getValue("Implementation-Version"))
          .isNotBlank();
    }
  }

  @Test
  void theServerHoldsNoSparkAndNoScala() throws IOException {
    Map<Boolean, List<String>> bad =
        classes(SERVER).stream()
            .collect(
                Collectors.partitioningBy(
                    name -> name.startsWith("org/apache/spark/") || name.startsWith("scala/")));
    assertThat(bad.get(true)).isEmpty();
    assertThat(bad.get(false)).contains("io/github/deltasharing/server/ServerMain.class");
    assertThat(bad.get(false)).noneMatch(name -> name.startsWith("org/apache/hc/"));
    assertThat(bad.get(false))
        .filteredOn(name -> name.startsWith("io/github/deltasharing/"))
        .allMatch(
            name ->
                name.matches("io/github/deltasharing/(annotation|error|protocol|table|server)/.*"));
  }

  @Test
  void theServersJarRunsAloneAndSaysWhereItListens(@TempDir Path directory) throws Exception {
    Path config = directory.resolve("share.yaml");
    Files.writeString(
        config,
        """
        version: 1
        authorization:
          bearerToken: secret
        shares: []
        """);
    Process server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                SERVER.toString(),
                "--config",
                config.toString(),
                "--port",
                "0")
            .redirectError(directory.resolve("stderr").toFile())
            .start();
    try (BufferedReader out = server.inputReader()) {
      assertThat(out.readLine()).matches("listening on http://127\\.0\\.0\\.1:\\d+/delta-sharing");
    } finally {
      server.destroy();
      assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
  }
}
