/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.share.SharedTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files of a table's directory are its data files. */
@Tag("unit")
class DataFilesTest {
  @Test
  void resolvesNothingOutsideTheTableEvenWhenSigned(@TempDir Path dir) throws IOException {
    Path table = Files.createDirectories(dir.resolve("table/p=1"));
    Files.writeString(table.resolve("data.parquet"), "data");
    Files.createDirectories(dir.resolve("table/_delta_log"));
    Files.writeString(dir.resolve("table/_delta_log/0.json"), "log");
    Files.writeString(dir.resolve("secret.txt"), "secret");
    Files.createSymbolicLink(table.resolve("out.parquet"), dir.resolve("secret.txt"));
    Files.createSymbolicLink(table.resolve("log.parquet"), dir.resolve("table/_delta_log/0.json"));
    Files.createSymbolicLink(dir.resolve("table/up"), dir);
    SharedTable shared = new SharedTable("a", "b", "c", dir.resolve("table").toUri(), "", false, 0);
    assertThat(DataFiles.resolve(shared, "p=1/data.parquet")).hasContent("data");
    for (String path :
        List.of(
            "p=1/out.parquet",
            "p=1/log.parquet",
            "up/secret.txt",
            "../secret.txt",
            "p=1/../../secret.txt",
            "_delta_log/0.json",
            "_DELTA_LOG/0.json",
            "./p=1/data.parquet",
            "",
            "/p=1/data.parquet")) {
      assertThatThrownBy(() -> DataFiles.resolve(shared, path))
          .as(path)
          .isInstanceOfSatisfying(ServerError.class, e -> assertThat(e.status()).isEqualTo(403));
    }
    for (String path : List.of("p=1", "p=1/none.parquet")) {
      assertThatThrownBy(() -> DataFiles.resolve(shared, path))
          .isInstanceOfSatisfying(ServerError.class, e -> assertThat(e.status()).isEqualTo(404));
    }
  }
}
