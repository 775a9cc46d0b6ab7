/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.testing.PythonEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server's pages as people use them, in a real browser; each check is a test. Their pictures
 * are those of the documentation, which {@code -Ddocs.write=true} writes anew.
 */
class BrowserIT {
  private static final Duration LONGEST = Duration.ofMinutes(8);
  private static final Path PICTURES = Path.of("docs", "images").toAbsolutePath();
  private static final List<String> BROWSERS = List.of("chromium", "chromium-browser");

  @TempDir Path directory;

  @TestFactory
  Stream<DynamicTest> pages() throws IOException, InterruptedException {
    Path browser = browser();
    PythonEnvironment python = PythonEnvironment.of("browser");
    Path scratch = Files.createDirectories(directory.resolve("browser"));
    Path pictures =
        Boolean.getBoolean("docs.write") ? PICTURES : Files.createDirectory(scratch.resolve("png"));
    try (ServerJar server = ServerJar.provider(directory)) {
      Stream<DynamicTest> checks =
          PythonSuite.run(
              python,
              "browser_suite",
              List.of(
                  "--server=" + server.endpoint(),
                  "--token-file=" + directory.resolve("data").resolve("admin-token"),
                  "--browser=" + browser,
                  "--scratch=" + scratch,
                  "--pictures=" + pictures),
              scratch,
              LONGEST,
              server.token());
      String log = server.log();
      return Stream.concat(
          checks,
          Stream.of(
              DynamicTest.dynamicTest(
                  "noSecretIsInTheLog",
                  () -> assertThat(log).doesNotContain(server.token(), "activation/"))));
    }
  }

  private static Path browser() {
    for (String directory : System.getenv().getOrDefault("PATH", "").split(":")) {
      for (String name : BROWSERS) {
        Path browser = Path.of(directory, name);
        if (Files.isExecutable(browser)) {
          return browser;
        }
      }
    }
    Assumptions.abort("SKIPPED: needs chromium; dev/browser.sh installs it on Debian");
    return null;
  }
}
