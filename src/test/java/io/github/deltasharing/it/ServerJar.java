/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * The built server jar, running in a JVM of its own, and the recipient's profile for it. Close it
 * after use.
 */
final class ServerJar implements AutoCloseable {
  private final Process process;
  private final Path log;
  private final String endpoint;
  private final String token;

  private ServerJar(Process process, Path log, String endpoint, String token) {
    this.process = process;
    this.log = log;
    this.endpoint = endpoint;
    this.token = token;
  }

  /**
   * Shares tables with their history as {@code share.schema.<directory name>}, and writes the
   * profile.
   */
  static ServerJar start(Path tables, List<String> names, Path directory, Path profile)
      throws IOException {
    return start(tables, names, directory, profile, "");
  }

  /**
   * The same with more settings.
   *
   * @param settings lines of {@code share.yaml}
   */
  static ServerJar start(
      Path tables, List<String> names, Path directory, Path profile, String settings)
      throws IOException {
    return start("share", "schema", tables, names, directory, profile, settings);
  }

  /** The same as {@code <share>.<schema>.<directory name>}. */
  static ServerJar start(
      String share,
      String schema,
      Path tables,
      List<String> names,
      Path directory,
      Path profile,
      String settings)
      throws IOException {
    String token = UUID.randomUUID().toString();
    StringBuilder yaml =
        new StringBuilder("version: 1\nauthorization: {bearerToken: %s}\n".formatted(token))
            .append(settings)
            .append("shares:\n- name: %s\n  schemas:\n".formatted(share))
            .append("  - name: %s\n    tables:\n".formatted(schema));
    for (String name : names) {
      yaml.append(
          "    - {name: %s, location: '%s', historyShared: true}\n"
              .formatted(name, tables.resolve(name)));
    }
    Path config = Files.writeString(directory.resolve("share.yaml"), yaml);
    Path log = directory.resolve("server.log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-jar",
                System.getProperty("server.jar"),
                "--config",
                config.toString(),
                "--port",
                "0")
            .redirectError(log.toFile())
            .start();
    BufferedReader out = process.inputReader();
    String first = out.readLine();
    if (first == null || !first.startsWith("listening on ")) {
      process.destroyForcibly();
      throw new IOException("the server said: " + first);
    }
    String endpoint = first.substring("listening on ".length());
    writeProfile(profile, endpoint, token);
    return new ServerJar(process, log, endpoint, token);
  }

  static void writeProfile(Path profile, String endpoint, String token) throws IOException {
    Files.writeString(
        profile,
        "{\"shareCredentialsVersion\":1,\"endpoint\":\"%s\",\"bearerToken\":\"%s\"}"
            .formatted(endpoint, token));
  }

  /** Where it is. */
  String endpoint() {
    return endpoint;
  }

  /** The recipient's token, which must be seen nowhere. */
  String token() {
    return token;
  }

  /** The server's log, with a line for each request. */
  String log() throws IOException {
    return Files.readString(log);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
