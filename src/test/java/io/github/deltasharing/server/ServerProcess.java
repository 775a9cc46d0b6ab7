/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A server in a JVM of its own, from the classes under test. */
final class ServerProcess implements AutoCloseable {
  private static final Pattern HEAP = Pattern.compile("total \\d+K, used (\\d+)K");

  private final Process process;
  private final Path log;
  private final URI uri;

  /**
   * What the process has of the machine. What the system does not tell is zero.
   *
   * @param heapBytes in use, after a collection
   */
  record Use(long heapBytes, long threads, long descriptors) {}

  private ServerProcess(Process process, Path log, URI uri) {
    this.process = process;
    this.log = log;
    this.uri = uri;
  }

  /**
   * Starts a server on any port.
   *
   * @param heap as in {@code -Xmx}
   * @param log gets what it logs
   */
  static ServerProcess start(String heap, Path config, Path log) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-cp",
                System.getProperty("java.class.path"),
                ServerMain.class.getName(),
                "--config",
                config.toString(),
                "--port=0")
            .redirectError(log.toFile())
            .start();
    // Its end is that of its input too, if this JVM is killed.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    String line =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
            .readLine();
    if (line == null) {
      process.destroyForcibly();
      throw new IOException("The server did not start: " + Files.readString(log));
    }
    return new ServerProcess(process, log, URI.create(line.substring("listening on ".length())));
  }

  URI uri() {
    return uri;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** What it has logged. */
  String log() throws IOException {
    return Files.readString(log);
  }

  Use use() throws IOException {
    jcmd("GC.run");
    long heap = 0;
    Matcher used = HEAP.matcher(jcmd("GC.heap_info"));
    while (used.find()) {
      heap += 1024 * Long.parseLong(used.group(1));
    }
    Path of = Path.of("/proc", Long.toString(process.pid()));
    return new Use(heap, entries(of.resolve("task")), entries(of.resolve("fd")));
  }

  private static long entries(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return 0;
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.count();
    }
  }

  private String jcmd(String command) throws IOException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(process.pid()),
                command)
            .redirectErrorStream(true)
            .start();
    try (InputStream out = jcmd.getInputStream()) {
      return new String(out.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
