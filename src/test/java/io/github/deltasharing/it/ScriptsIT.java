/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.testing.PythonEnvironment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The repository's shell scripts by ShellCheck; that for Windows by PowerShell's grammar. */
class ScriptsIT {
  private static final Path POWERSHELL = Path.of("docker", "run-demo.ps1");

  @TempDir Path directory;

  private ContainerEngine.Finished run(String program, List<Path> files) throws Exception {
    Path bin = PythonEnvironment.of("containers").python().resolveSibling(program);
    List<String> command = new ArrayList<>(List.of(bin.toString()));
    files.forEach(file -> command.add(file.toString()));
    try (RunningProcess process =
        RunningProcess.start(new ProcessBuilder(command), directory.resolve("log"))) {
      return new ContainerEngine.Finished(process.end(Duration.ofMinutes(1)), process.output());
    }
  }

  private static List<Path> shellScripts() throws IOException {
    List<Path> scripts = new ArrayList<>();
    for (String root : List.of("docker", "dev", ".ci")) {
      try (Stream<Path> files = Files.walk(Path.of(root))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          // Not all are texts: wheels and jars may lie there.
          try (var lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            if (lines.findFirst().orElse("").matches("#!\\S+ bash")) {
              scripts.add(file);
            }
          }
        }
      }
    }
    return scripts;
  }

  @Test
  void shellCheckHasNothingToSay() throws Exception {
    List<Path> scripts = shellScripts();
    assertThat(scripts)
        .contains(
            Path.of("docker", "run-demo.sh"),
            Path.of("docker", "recipient", "bin", "entrypoint"),
            Path.of("dev", "container-engine.sh"),
            Path.of(".ci", "run"));
    ContainerEngine.Finished finished = run("shellcheck", scripts);
    assertThat(finished.exit()).as(finished.output()).isZero();
    Path wrong = Files.writeString(directory.resolve("wrong.sh"), "#!/bin/bash\nrm -rf $1/\n");
    assertThat(run("shellcheck", List.of(wrong)).output()).contains("SC2086");
  }

  @Test
  void powerShellParses() throws Exception {
    Path parser = Path.of("src", "test", "python", "parse_powershell.py");
    ContainerEngine.Finished finished = run("python", List.of(parser, POWERSHELL));
    assertThat(finished.exit()).as(finished.output()).isZero();
    String text = Files.readString(POWERSHELL);
    Path wrong = directory.resolve("wrong.ps1");
    Files.writeString(wrong, text.replaceFirst("-join ' '\\r?\\n", "-join (\n"));
    assertThat(run("python", List.of(parser, wrong)).exit()).isEqualTo(1);
  }
}
