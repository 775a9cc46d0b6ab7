/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The parsers under Jazzer, which looks for input that reaches new code, by night. What it finds is
 * printed as a file's bytes, for {@code src/test/resources/fuzz}, which {@link DamagedTextTest}
 * replays in every build. Each parser has a JVM of its own with little memory, and a time limit for
 * each input.
 */
class GuidedFuzzTest {
  /** Jazzer looks through the whole class path first. */
  private static final String HEAP = "-Xmx768m";

  /** For one input: a build machine may be slow. */
  private static final int MOST_SECONDS = 60;

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  @Tag("nightly")
  void minutes(ParserUnderFuzz parser) throws Exception {
    fuzz(parser, Integer.getInteger("fuzz.seconds", 300));
  }

  private void fuzz(ParserUnderFuzz parser, int seconds) throws Exception {
    Path found = Files.createDirectory(directory.resolve("found"));
    Path out = directory.resolve("out");
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-D" + FuzzedParser.PARSER + "=" + parser,
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + FuzzedParser.class.getName(),
                "--instrumentation_includes=io.github.deltasharing.**",
                "--reproducer_path=" + directory,
                "-artifact_prefix=" + directory + "/broken-",
                "-timeout=" + MOST_SECONDS,
                // It would count what this JVM had in memory when it started the child; HEAP is the
                // limit.
                "-rss_limit_mb=0",
                "-max_total_time=" + seconds,
                found.toString(),
                parser.corpus().toString())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    try {
      assertThat(child.waitFor(seconds + 3L * MOST_SECONDS, TimeUnit.SECONDS)).isTrue();
    } finally {
      child.destroyForcibly();
    }
    String said = Files.readString(out, StandardCharsets.ISO_8859_1);
    assertThat(child.exitValue()).as(() -> broken() + said).isZero();
    assertThat(said).containsPattern("Done \\d{3,} runs");
  }

  private String broken() {
    try (var files = Files.list(directory)) {
      List<Path> broken =
          files.filter(file -> file.getFileName().toString().startsWith("broken-")).toList();
      return broken.isEmpty()
          ? ""
          : new String(Files.readAllBytes(broken.get(0)), StandardCharsets.ISO_8859_1) + "\n";
    } catch (IOException e) {
      return e + "\n";
    }
  }
}
