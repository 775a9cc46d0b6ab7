/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.deltasharing.server.config.DatabaseConfig;
import io.github.deltasharing.server.error.ServerError;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded database on a disk that is really full: a file system of some megabytes. */
@Tag("unit")
class FullDiskTest {
  private static final int MEBIBYTES = 8;

  @TempDir Path directory;
  private boolean mounted;

  @BeforeEach
  void mount() throws Exception {
    mounted = run("mount", "-t", "tmpfs", "-o", "size=" + MEBIBYTES + "m", "tmpfs", path()) == 0;
    assumeTrue(mounted, "No small file system: mount needs root on Linux");
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertThat(run("umount", path())).isZero();
    }
  }

  private String path() {
    return directory.toString();
  }

  private static int run(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    } catch (IOException e) {
      return -1;
    }
  }

  /** Leaves no room at all. */
  private static void fill(Path file) {
    try (OutputStream out = Files.newOutputStream(file)) {
      byte[] block = new byte[4096];
      for (int i = 0; i < MEBIBYTES * 1024; i++) {
        out.write(block);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }

  private static void note(Database database, String name) {
    database.write(
        session ->
            session.update("INSERT INTO notes (name, text) VALUES (?, ?)", name, "x".repeat(9000)));
  }

  private static long notes(Database database) {
    return database.read(
        session ->
            session.first("SELECT COUNT(*) FROM notes", row -> row.getLong(1)).orElseThrow());
  }

  @Test
  void theDatabaseServesAgainOnceThereIsRoom() throws Exception {
    DatabaseConfig config =
        new DatabaseConfig(
            "jdbc:h2:file:"
                + directory.resolve("store")
                + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0",
            Optional.of("sa"),
            Optional.of(""));
    try (Database database = Database.open(config)) {
      database.write(
          session -> session.update("CREATE TABLE notes (name VARCHAR(100), text VARCHAR(10000))"));
      Path filler = directory.resolve("filler");
      int written = 0;
      for (int round = 1; round <= 2; round++) {
        note(database, "first");
        written++;
        fill(filler);
        Optional<ServerError> refusal = Optional.empty();
        while (refusal.isEmpty() && written < 10_000) {
          try {
            note(database, "next");
            written++;
          } catch (ServerError e) {
            refusal = Optional.of(e);
          }
        }
        assertThat(refusal).get().extracting(ServerError::status).isEqualTo(503);
        Files.delete(filler);
        await(() -> database.answers());
        // What was said to be written is there; of what was refused it is not known.
        assertThat(notes(database)).isBetween((long) written, written + 1L);
        written = (int) notes(database);
      }
    }
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 100 && !condition.getAsBoolean(); i++) {
      Thread.sleep(100);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }
}
