/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of a directory that is shared as a schema its tables are found, and nothing else of the disk. */
@Tag("unit")
class LocalDirectoriesTest {
  @TempDir Path directory;
  private final LocalDirectories directories = new LocalDirectories();

  private Path table(String path) throws IOException {
    return Files.createDirectories(directory.resolve(path).resolve("_delta_log")).getParent();
  }

  private List<String> tables(String path) {
    return directories.tables(directory.resolve(path).toUri());
  }

  private String find(String path, String name) {
    return directories.find(directory.resolve(path).toUri(), name);
  }

  @Test
  void linksLeadNowhere() throws IOException {
    table("shared/orders");
    Path secret = table("secret");
    Files.createSymbolicLink(directory.resolve("shared/link"), secret);
    Path half = Files.createDirectories(directory.resolve("shared/half"));
    Files.createSymbolicLink(half.resolve("_delta_log"), secret.resolve("_delta_log"));
    Files.createDirectories(directory.resolve("shared/none"));
    Files.writeString(directory.resolve("shared/file"), "");
    assertThat(tables("shared")).containsExactly("orders");
    for (String name :
        List.of(
            "link",
            "half",
            "none",
            "file",
            "..",
            ".",
            "",
            "../secret",
            "orders/../../secret",
            "/",
            "%",
            "*",
            "orders/",
            "_delta_log",
            "o%",
            "_rders",
            "orders\0")) {
      assertThat(find("shared", name)).as(name).isEmpty();
    }
    assertThat(find("shared", "ORDERS")).isEqualTo("orders");
  }

  @Test
  void aDirectoryThatIsGoneHasNoTables() throws IOException {
    Path table = table("shared/orders");
    assertThat(tables("shared")).hasSize(1);
    Files.delete(table.resolve("_delta_log"));
    Files.delete(table);
    Files.delete(table.getParent());
    assertThat(tables("shared")).isEmpty();
    assertThat(find("shared", "orders")).isEmpty();
    Files.writeString(directory.resolve("shared"), "no directory any more");
    assertThat(tables("shared")).isEmpty();
  }

  @Test
  void thousandsOfThemAreInTheOrderOfTheirNames() throws IOException {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      names.add("t%05d".formatted(i));
      table("shared/t%05d".formatted(i));
    }
    assertThat(tables("shared")).isEqualTo(names);
    assertThat(find("shared", "T02999")).isEqualTo("t02999");
  }
}
