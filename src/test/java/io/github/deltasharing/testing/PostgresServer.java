/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A PostgreSQL server of this JVM's own, on a free port, by Debian's package or any {@code initdb}
 * on the path, as an unprivileged user. One for all tests, each with a database of its own; it ends
 * with the JVM. Tests skip, saying why, where there is no PostgreSQL.
 */
public final class PostgresServer {
  public static final String USER = "sharing";
  public static final String PASSWORD = "canary-database-password-8d1e";
  private static final int START_SECONDS = 60;
  private static PostgresServer shared;
  private static String missing;

  private final Path binaries;
  private final Path directory;
  private final int port;
  private final List<String> asOther;
  private Process process;
  private int databases;

  private PostgresServer(Path binaries, Path directory, int port, List<String> asOther) {
    this.binaries = binaries;
    this.directory = directory;
    this.port = port;
    this.asOther = asOther;
  }

  /** The server, started now if no test has started it. Aborts the test where there is none. */
  public static synchronized PostgresServer shared() {
    if (shared == null && missing == null) {
      try {
        shared = make();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    Assumptions.assumeTrue(shared != null, missing);
    shared.start();
    return shared;
  }

  private static PostgresServer make() throws IOException {
    Path binaries = binaries();
    if (binaries == null) {
      missing = "There is no PostgreSQL on this machine: install Debian's package postgresql";
      return null;
    }
    List<String> asOther = List.of();
    boolean root = System.getProperty("user.name").equals("root");
    Path directory = Files.createTempDirectory("sharing-postgres");
    if (root) {
      String user = user();
      if (user == null) {
        missing = "PostgreSQL does not run as root, and there is no user postgres or nobody";
        return null;
      }
      asOther = List.of("runuser", "-u", user, "--");
      run(directory, List.of("chown", user, directory.toString()));
    }
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    PostgresServer server = new PostgresServer(binaries, directory, port, asOther);
    Runtime.getRuntime().addShutdownHook(new Thread(server::end, "postgres-stop"));
    Path password = Files.createTempFile("sharing-postgres", ".password");
    Files.writeString(password, PASSWORD);
    if (root) {
      run(directory, List.of("chown", user(), password.toString()));
    }
    server.runAsOther(
        binaries.resolve("initdb").toString(),
        "-D",
        server.data(),
        "-U",
        USER,
        "-A",
        "scram-sha-256",
        "--pwfile=" + password,
        "--no-sync",
        "-E",
        "UTF8",
        // With an order of texts that is not that of their characters.
        "--locale-provider=icu",
        "--icu-locale=en-US",
        "--locale=C.UTF-8");
    Files.delete(password);
    return server;
  }

  private static Path binaries() throws IOException {
    Path debian = Path.of("/usr/lib/postgresql");
    if (Files.isDirectory(debian)) {
      try (Stream<Path> versions = Files.list(debian)) {
        return versions
            .map(version -> version.resolve("bin"))
            .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
            .sorted()
            .reduce((one, newer) -> newer)
            .orElse(null);
      }
    }
    for (String place : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      if (!place.isEmpty() && Files.isExecutable(Path.of(place, "initdb"))) {
        return Path.of(place);
      }
    }
    return null;
  }

  private static String user() throws IOException {
    String users = Files.readString(Path.of("/etc/passwd"));
    for (String user : List.of("postgres", "nobody")) {
      if (("\n" + users).contains("\n" + user + ":")) {
        return user;
      }
    }
    return null;
  }

  private String data() {
    return directory.resolve("data").toString();
  }

  private List<String> asOther(String... command) {
    List<String> all = new ArrayList<>(asOther);
    all.addAll(List.of(command));
    return all;
  }

  private void runAsOther(String... command) throws IOException {
    run(directory, asOther(command));
  }

  private static void run(Path directory, List<String> command) throws IOException {
    Path output = Files.createTempFile("sharing-postgres", ".log");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException(command.get(0) + " failed: " + Files.readString(output));
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      Files.delete(output);
    }
  }

  /** Starts it, unless it runs. */
  public synchronized void start() {
    if (process != null && process.isAlive()) {
      return;
    }
    try {
      process =
          new ProcessBuilder(
                  asOther(
                      binaries.resolve("postgres").toString(),
                      "-D",
                      data(),
                      "-p",
                      String.valueOf(port),
                      "-h",
                      "127.0.0.1",
                      "-k",
                      directory.toString(),
                      "-c",
                      "fsync=off"))
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (true) {
      try (Connection connection = connect("postgres")) {
        return;
      } catch (SQLException e) {
        if (System.nanoTime() > until || !process.isAlive()) {
          throw new IllegalStateException("PostgreSQL did not start", e);
        }
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Stops it at once, as its operator would: connections are told and cut. */
  public synchronized void stop() {
    try {
      runAsOther(binaries.resolve("pg_ctl").toString(), "stop", "-D", data(), "-m", "fast", "-w");
      process.waitFor(START_SECONDS, TimeUnit.SECONDS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The JDBC URL of a new, empty database. */
  public synchronized String newDatabase() {
    String name = "sharing" + ++databases;
    try (Connection connection = connect("postgres");
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + name;
  }

  /** All that a database holds, as its own tool writes it. */
  public String dump(String url) {
    try {
      Path file = Files.createTempFile("sharing-postgres", ".sql");
      ProcessBuilder builder =
          new ProcessBuilder(
                  binaries.resolve("pg_dump").toString(),
                  "-h",
                  "127.0.0.1",
                  "-p",
                  String.valueOf(port),
                  "-U",
                  USER,
                  url.substring(url.lastIndexOf('/') + 1))
              .redirectErrorStream(true)
              .redirectOutput(file.toFile());
      builder.environment().put("PGPASSWORD", PASSWORD);
      if (builder.start().waitFor() != 0) {
        throw new IllegalStateException("pg_dump failed: " + Files.readString(file));
      }
      String dump = Files.readString(file);
      Files.delete(file);
      return dump;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + database, USER, PASSWORD);
  }

  private void end() {
    if (process != null) {
      // The one that this JVM started is the parent of all others, and runuser passes the signal
      // on.
      process.destroy();
      try {
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException | UncheckedIOException e) {
      // A temporary directory stays.
    }
  }
}
