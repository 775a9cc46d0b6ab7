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
import java.util.ArrayList;
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
    ServerJar server =
        run(directory.resolve("server.log"), token, List.of("--config", config.toString()));
    writeProfile(profile, server.endpoint(), token);
    return server;
  }

  /**
   * With a store in {@code data} of a directory, in which tables may be shared.
   *
   * @return the server, whose token is that of its first admin
   */
  static ServerJar provider(Path directory) throws IOException {
    Path data = directory.resolve("data");
    ServerJar server =
        run(
            directory.resolve("server.log"),
            "",
            List.of("--data", data.toString(), "--allow-location", directory.toString()));
    String token = Files.readString(data.resolve("admin-token")).strip();
    return new ServerJar(server.process, server.log, server.endpoint, token);
  }

  /** With these options, on a free port. */
  static ServerJar run(Path log, String token, List<String> options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-jar", System.getProperty("server.jar")));
    command.addAll(options);
    command.addAll(List.of("--port", "0"));
    Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
    BufferedReader out = process.inputReader();
    String first = out.readLine();
    if (first == null || !first.startsWith("listening on ")) {
      process.destroyForcibly();
      throw new IOException("the server said: " + first + "\n" + Files.readString(log));
    }
    return new ServerJar(process, log, first.substring("listening on ".length()), token);
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

  /** The token of its recipient, or of its admin, which must be seen nowhere. */
  String token() {
    return token;
  }

  /** The server's log, with a line for each request. */
  String log() throws IOException {
    return Files.readString(log);
  }

  /** It ends at once, and has no time for anything. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
