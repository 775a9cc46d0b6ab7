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
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The manifests of {@code docker/kubernetes} against Kubernetes' own schemas, as the package {@code
 * kubernetes-validate} has them, strictly: a field that a kind does not have is an error.
 */
class KubernetesManifestsIT {
  private static final Path MANIFESTS = Path.of("docker", "kubernetes");

  @TempDir Path directory;

  private ContainerEngine.Finished validate(String version, List<Path> files) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                PythonEnvironment.of("containers").python().toString(),
                "-m",
                "kubernetes_validate",
                "--strict",
                "-k",
                version));
    files.forEach(file -> command.add(file.toString()));
    try (RunningProcess process =
        RunningProcess.start(new ProcessBuilder(command), directory.resolve("log"))) {
      return new ContainerEngine.Finished(process.end(Duration.ofMinutes(1)), process.output());
    }
  }

  /** Of a kind that it has no schema for, the judge warns only. */
  private static boolean isValid(ContainerEngine.Finished finished) {
    return finished.exit() == 0 && !finished.output().contains("WARN");
  }

  private static List<Path> manifests() throws IOException {
    try (Stream<Path> files = Files.list(MANIFESTS)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.28", "1.37"})
  void manifestsAreValid(String version) throws Exception {
    ContainerEngine.Finished finished = validate(version, manifests());
    assertThat(isValid(finished)).as(finished.output()).isTrue();
    assertThat(finished.output())
        .contains("deployment/delta-sharing-server", "networkpolicy/spark", "job/shared-table");
  }

  /** The judge finds what is wrong. */
  @ParameterizedTest
  @CsvSource({
    "server.yaml, livenessProbe, livenesProbe",
    "server.yaml, 'replicas: 2', 'replicas: two'",
    "spark.yaml, 'kind: NetworkPolicy', 'kind: NetworkPolice'",
    "job.yaml, 'restartPolicy: Never', 'restart: Never'"
  })
  void mistakesAreFound(String file, String right, String wrong) throws Exception {
    String text = Files.readString(MANIFESTS.resolve(file));
    assertThat(text).contains(right);
    Path changed = Files.writeString(directory.resolve(file), text.replace(right, wrong));
    ContainerEngine.Finished finished = validate("1.37", List.of(changed));
    assertThat(isValid(finished)).as(finished.output()).isFalse();
  }

  /** What no schema demands: no root, no writable root, limits, and no secret in a manifest. */
  @Test
  void everyPodIsConfined() throws Exception {
    for (Path file : manifests()) {
      String text = Files.readString(file);
      int pods = count(text, "\n      containers:\n");
      assertThat(pods).isPositive();
      for (String wanted :
          List.of(
              "runAsNonRoot: true",
              "readOnlyRootFilesystem: true",
              "allowPrivilegeEscalation: false",
              "capabilities: {drop: [ALL]}",
              "seccompProfile: {type: RuntimeDefault}",
              "limits: {memory: ")) {
        assertThat(count(text, wanted)).as(wanted + " in " + file).isEqualTo(pods);
      }
      assertThat(text).doesNotContain("kind: Secret", "bearerToken");
    }
  }

  private static int count(String text, String part) {
    return (text.length() - text.replace(part, "").length()) / part.length();
  }
}
