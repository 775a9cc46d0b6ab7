/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.it.ContainerEngine.Finished;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code docker/run-demo.sh} says what is wrong and what to do, for each trouble that people have.
 */
class DemoMessagesIT {
  private static final String DEMO = "docker/run-demo.sh";
  private static final String DOCKER = System.getenv().getOrDefault("DOCKER_HOST", "");

  @TempDir static Path directory;
  static ContainerEngine engine;

  @BeforeAll
  static void find() throws Exception {
    engine = ContainerEngine.ofThisMachine(directory);
    // For another user, too.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void assertSays(Map<String, String> changed, List<String> command, String... texts)
      throws IOException, InterruptedException {
    Map<String, String> environment = new HashMap<>(freePorts());
    environment.put("DEMO_PROJECT", "delta-sharing-it-messages");
    environment.put("DEMO_TAG", "it-none");
    environment.putAll(changed);
    Finished finished = engine.run(environment, command.toArray(String[]::new));
    assertThat(finished.output()).contains(texts);
    assertThat(finished.exit()).as(finished.output()).isEqualTo(1);
  }

  private static Map<String, String> freePorts() throws IOException {
    Map<String, String> ports = new HashMap<>();
    for (String port : List.of("DEMO_PORT", "PROVIDER_PORT", "MASTER_PORT")) {
      try (ServerSocket socket = new ServerSocket(0)) {
        ports.put(port, Integer.toString(socket.getLocalPort()));
      }
    }
    return ports;
  }

  /** A directory with some programs of this machine, for PATH. */
  private static Path programs(String name, String... programs) throws Exception {
    Path path = Files.createDirectory(directory.resolve(name));
    for (String program : programs) {
      Files.createSymbolicLink(
          path.resolve(program), Path.of(engine.run(Map.of(), "which", program).output().strip()));
    }
    return path;
  }

  @Test
  void noEngineAnswers() throws Exception {
    assertSays(
        Map.of("DOCKER_HOST", "unix://" + directory.resolve("nothing.sock")),
        List.of(DEMO),
        "the container engine does not answer: is it running?",
        "systemctl start docker");
  }

  @Test
  void noDocker() throws Exception {
    assertSays(
        Map.of("PATH", programs("no-docker", "bash", "dirname", "sed").toString()),
        List.of(DEMO),
        "there is no 'docker' here");
  }

  @Test
  void noCompose() throws Exception {
    Path path = programs("no-compose", "bash", "dirname", "sed", "df", "awk", "mktemp", "tail");
    String real = engine.run(Map.of(), "which", "docker").output().strip();
    Path fake = path.resolve("docker");
    Files.writeString(
        fake,
        """
        #!/bin/bash
        [ "$1" != compose ] && [ "$1" != image ] || exit 1
        exec %s "$@"
        """
            .formatted(real));
    Files.setPosixFilePermissions(fake, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertSays(
        Map.of("PATH", path.toString(), "TABLES", "src"),
        List.of(DEMO),
        "there is no 'docker compose' (version 2) and no 'docker-compose' (1.29) here");
  }

  @Test
  void noPermissionOnTheSocket() throws Exception {
    Path socket =
        Path.of(DOCKER.startsWith("unix://") ? DOCKER.substring(7) : "/var/run/docker.sock");
    Assumptions.assumeTrue(
        Files.exists(socket)
            && engine.run(Map.of(), "setpriv", "--reuid=65534", "--clear-groups", "true").exit()
                == 0,
        "SKIPPED: needs root and setpriv, to be somebody else");
    Path copy = Files.createDirectories(directory.resolve("nobody").resolve("docker"));
    Files.copy(Path.of(DEMO), copy.resolve("run-demo.sh"));
    Files.setPosixFilePermissions(
        copy.resolve("run-demo.sh"), PosixFilePermissions.fromString("rwxr-xr-x"));
    assertSays(
        Map.of(),
        List.of(
            "setpriv", "--reuid=65534", "--clear-groups", copy.resolve("run-demo.sh").toString()),
        "you may not use Docker's socket",
        "usermod -aG docker");
  }

  @Test
  void portTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      assertSays(
          Map.of("DEMO_PORT", Integer.toString(port)),
          List.of(DEMO),
          "port " + port + " of 127.0.0.1, for JupyterLab, is taken by another program",
          "DEMO_PORT=" + (port + 10));
    }
  }

  @Test
  void noRoom() throws Exception {
    assertSays(
        Map.of("DEMO_MIN_MEMORY_MB", "99999999"), List.of(DEMO), "MB of memory; the demo wants");
    assertSays(
        Map.of("DEMO_MIN_DISK_GB", "99999999"),
        List.of(DEMO),
        "GB are free on the disk of the engine",
        "docker system prune");
  }

  @Test
  void noCredentialFile() throws Exception {
    Path missing = directory.resolve("config.share");
    assertSays(
        Map.of(),
        List.of(DEMO, "--profile", missing.toString()),
        "there is no credential file " + missing);
    assertSays(
        Map.of(), List.of(DEMO, "--profile", directory.toString()), directory + " is no file");
  }

  @Test
  void noJars() throws Exception {
    Path copy = Files.createDirectories(directory.resolve("empty").resolve("docker"));
    try (Stream<Path> files = Files.list(Path.of("docker"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(
            file,
            copy.resolve(file.getFileName()),
            java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    String demo = copy.resolve("run-demo.sh").toString();
    assertSays(
        Map.of(),
        List.of(demo, "--no-build"),
        "there are no jars in target/",
        "-Pquickstart package");
    Path path = programs("no-java", "bash", "dirname", "sed", "df", "awk", "docker");
    // Never run: its being there is enough.
    Files.createSymbolicLink(path.resolve("docker-compose"), path.resolve("bash"));
    assertSays(Map.of("PATH", path.toString()), List.of(demo), "no Java or Maven to build them");
  }

  @Test
  void noImage() throws Exception {
    assertSays(
        Map.of("TABLES", "src"),
        List.of(DEMO, "--no-build"),
        "there is no image delta-sharing-recipient:it-none",
        "Leave out --no-build once");
    assertSays(
        Map.of("TABLES", "src", "BASE", "delta-sharing.invalid/nothing:1"),
        List.of(DEMO),
        "an image could not be built",
        "Set BASE to an image that you have");
  }

  /** A credential file that lies somewhere in the tree comes into no image. */
  @Test
  void noCredentialFileIsSentToTheEngine() throws Exception {
    Path context = Files.createDirectory(directory.resolve("context"));
    Files.copy(Path.of(".dockerignore"), context.resolve(".dockerignore"));
    for (String file :
        List.of(
            "config.share",
            "docker/team.share",
            "docker/share.yaml",
            "connector-examples/notebook/config.share",
            "target/quickstart/config.share",
            "target/docker/share.yaml",
            "connector-examples/seen.py")) {
      Path path = context.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, "canary");
    }
    Path dockerfile = directory.resolve("Dockerfile");
    Files.writeString(
        dockerfile, "FROM debian:bookworm-slim\nCOPY . /context\nRUN find /context -type f\n");
    String tag = "delta-sharing-it-context";
    Finished built =
        engine.run(
            Map.of("DOCKER_BUILDKIT", "0"),
            "docker",
            "build",
            "--no-cache",
            "-t",
            tag,
            "-f",
            dockerfile.toString(),
            context.toString());
    assertThat(built.exit()).as(built.output()).isZero();
    engine.docker("rmi", tag);
    assertThat(built.output().lines().filter(line -> line.startsWith("/context/")).toList())
        .containsExactly("/context/connector-examples/seen.py");
  }
}
