/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.storage.LocalStorage;
import io.github.deltasharing.source.SourceException;
import io.github.deltasharing.source.StoreException;
import io.github.deltasharing.source.TableRows;
import io.github.deltasharing.source.delta.DeltaSources;
import io.github.deltasharing.source.index.IndexCache;
import io.github.deltasharing.testing.WrittenLog;
import io.github.deltasharing.testing.WrittenParquet;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the first rows of a table may take, and how columns with ids are found in files. */
@Tag("unit")
class FirstRowsTest {
  private static final String PROTOCOL =
      "{\"protocol\":{\"minReaderVersion\":2,\"minWriterVersion\":5}}";

  /** Little of the column 1, much of the column 2, which the file has by other names. */
  private static final String FILE =
      "message m { required int64 text = 1; required binary id (STRING) = 2; required int64 none; }";

  @TempDir Path directory;

  private static String field(String name, String type, int id) {
    return WrittenLog.field(name, "\"" + type + "\"")
        .replace(
            "{}",
            "{\"delta.columnMapping.id\":%d,\"delta.columnMapping.physicalName\":\"%s\"}"
                .formatted(id, name));
  }

  private TableRows read(String fields, long chunkBytes, long millis) {
    new WrittenLog(directory)
        .commit(
            0,
            PROTOCOL,
            WrittenLog.metadata(
                "{\"type\":\"struct\",\"fields\":[" + fields + "]}",
                Map.of("delta.columnMapping.mode", "id", "delta.columnMapping.maxColumnId", "9")),
            WrittenLog.add("f.parquet"));
    SharedTable table = new SharedTable("s", "a", "t", directory.toUri(), "", true, 0);
    return new DeltaSources(10, false, new IndexCache(0))
        .open(table.fullName(), table.location(), new LocalStorage(table, null))
        .latest()
        .firstRows(new TableRows.Limits(2, 10, 10, 10, chunkBytes, millis));
  }

  private void write(String schema) {
    WrittenParquet.write(
        directory.resolve("f.parquet"),
        schema,
        LongStream.range(0, 3)
            .mapToObj(
                id ->
                    (Group row) -> {
                      row.add(0, id);
                      row.add(1, ("" + id).repeat(100_000));
                      row.add(2, 7L);
                    }));
  }

  @Test
  void columnsAreFoundByTheirIdsAlone() {
    write(FILE);
    TableRows rows =
        read(
            String.join(
                ",", field("id", "long", 1), field("text", "string", 2), field("none", "long", 3)),
            1L << 20,
            60_000);
    assertThat(rows.columns()).containsExactly("id", "text", "none");
    assertThat(rows.rows().get(1)).containsExactly(1L, "1".repeat(10) + "…", null);
    assertThat(rows.rows()).hasSize(2);
    assertThat(rows.more()).isTrue();
  }

  @Test
  void aFileWithoutIdsIsRefused() {
    write(FILE.replaceAll(" = \\d", ""));
    assertThatThrownBy(() -> read(field("text", "long", 1), 1L << 20, 60_000))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("s.a.t")
        .hasMessageContaining("a data file has no field ids");
  }

  /** Of the columns that are read, whatever files call them. */
  @Test
  void rowGroupsAreAsLongAsTheirColumnsThatAreRead() {
    write(FILE);
    assertThat(read(field("id", "long", 1), 10_000, 60_000).rows())
        .isEqualTo(List.of(List.of(0L), List.of(1L)));
    assertThatThrownBy(() -> read(field("text", "string", 2), 10_000, 60_000))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("a row group of its files has");
  }

  @Test
  void itTakesTooLong() {
    write(FILE);
    assertThatThrownBy(() -> read(field("id", "long", 1), 10_000, 0))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("Reading the first rows of s.a.t takes longer than 0 s");
  }
}
