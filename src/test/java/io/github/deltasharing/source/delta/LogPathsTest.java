/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.storage.LocalStorage;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Paths in a log. */
@Tag("unit")
class LogPathsTest {
  @Test
  void filesOutsideTheTablesDirectoryAreNamedAsTheReason() {
    SharedTable shared = new SharedTable("a", "b", "c", URI.create("file:///data/t"), "", false, 0);
    DeltaTable table =
        new DeltaTable(shared.fullName(), shared.location(), new LocalStorage(shared, null));
    assertThat(LogPaths.relative(table, "p=a%2520b/x%20y.parquet"))
        .isEqualTo("p=a%20b/x y.parquet");
    assertThat(LogPaths.relative(table, "file:/data/t/x%20y.parquet")).isEqualTo("x y.parquet");
    for (String path : List.of("file:/data/t2/x.parquet", "/data/t/../x", "s3://b/x.parquet")) {
      assertThatThrownBy(() -> LogPaths.relative(table, path))
          .hasMessageContaining("a.b.c")
          .hasMessageContaining("outside");
    }
  }
}
