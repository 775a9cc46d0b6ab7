package io.github.deltasharing.server.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.server.share.SharedTable;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Paths in a log. */
class LogPathsTest {
  @Test
  void filesOutsideTheTablesDirectoryAreNamedAsTheReason() {
    SharedTable table = new SharedTable("a", "b", "c", Path.of("/data/t"), "", false, 0);
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
