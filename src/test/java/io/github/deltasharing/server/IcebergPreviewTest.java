/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.testing.MovableClock;
import io.github.deltasharing.testing.WrittenIceberg;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first rows of Iceberg tables in the admin API, and what of them is not shown. */
@Tag("unit")
class IcebergPreviewTest {
  @TempDir Path directory;

  private ProviderServer server;
  private WrittenIceberg written;

  @BeforeEach
  void start() throws IOException {
    written = WrittenIceberg.create(directory.resolve("lake/db/t"), 3);
    Path config = directory.resolve("share.yaml");
    Files.writeString(
        config,
        """
        port: 0
        data: data
        catalogs: [{name: lake, type: hadoop, warehouse: lake}]
        shares:
        - name: retail
          schemas: [{name: s, tables: [{name: t, location: 'iceberg://lake/db/t'}]}]
        """);
    server = ProviderServer.of(directory, new MovableClock(), ShareConfig.read(config));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void append(DataFile file) {
    written.table().newAppend().appendFile(file).commit();
  }

  private HttpResponse<String> get(int rows) {
    return server.admin("GET", "/shares/retail/tables/s/t/preview?maxResults=" + rows, "");
  }

  private JsonNode preview(int rows) {
    HttpResponse<String> response = get(rows);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return ServerClient.json(response);
  }

  private String refusal() {
    HttpResponse<String> response = get(20);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(response.body()).doesNotContain(directory.toString(), "Exception", "apache");
    return ServerClient.message(response);
  }

  @Test
  void rowsHaveTheTablesColumnsOfNow() {
    assertThat(preview(5).path("rows")).isEmpty();
    append(written.readable("a", 9007199254740990L));
    written.table().updateSchema().renameColumn("name", "title").moveFirst("name").commit();
    written.table().updateSchema().addColumn("name", Types.DateType.get()).commit();
    JsonNode preview = preview(4);
    assertThat(preview.path("rows").toString())
        .isEqualTo(
            """
            [["n9007199254740990",9007199254740990,null],["n9007199254740991",9007199254740991,null],\
            ["n9007199254740992",9007199254740992,null],["n9007199254740993","9007199254740993",null]]""");
    assertThat(preview.path("more").asBoolean()).isTrue();
    assertThat(preview.path("columns"))
        .extracting(column -> column.path("name").asText())
        .containsExactly("title", "id", "name");
    assertThat(preview(10).path("more").asBoolean()).isFalse();
  }

  @Test
  void deletedRowsAreNotShown() {
    append(written.readable("a", 0));
    written.table().newRowDelta().addDeletes(written.vector("a", 3)).commit();
    assertThat(preview(20).path("rows")).hasSize(9);
    written.table().newRowDelta().addDeletes(written.byId("d", 0, 3, 4, 5, 9)).commit();
    JsonNode preview = preview(20);
    assertThat(preview.path("rows").toString())
        .isEqualTo("[[1,\"n1\"],[2,\"n2\"],[6,\"n6\"],[7,\"n7\"],[8,\"n8\"]]");
    assertThat(preview.path("more").asBoolean()).isFalse();
    append(written.readable("b", 0));
    assertThat(preview(20).path("rows")).hasSize(15);
  }

  /** Iceberg finds its columns by their ids alone, whatever names they have. */
  @Test
  void filesHaveNoFieldIds() {
    append(
        written.readable(
            "a", 0, "message m { required int64 id; optional binary name (STRING); }"));
    assertThat(refusal()).contains("retail.s.t", "a data file has no field ids");
    written.table().newDelete().deleteFile(written.built("a", 0)).commit();
    append(
        written.readable(
            "b", 0, "message m { required int64 x = 1; optional binary name (STRING); }"));
    assertThat(preview(1).path("rows").toString()).isEqualTo("[[0,null]]");
  }

  @Test
  void whatCannotBeReadIsSaid() throws IOException {
    append(written.readable("a", 0));
    Path file = written.directory().resolve("data/a");
    byte[] good = Files.readAllBytes(file);
    Files.write(file, new byte[good.length]);
    assertThat(refusal()).contains("retail.s.t", "a data file is damaged");
    Files.delete(file);
    assertThat(refusal()).contains("retail.s.t", "a file of this version is missing");
    Files.write(file, good);
    assertThat(preview(20).path("rows")).hasSize(10);

    written.table().newRowDelta().addDeletes(written.vector("a", 3)).commit();
    Files.write(written.directory().resolve("data/v3.puffin"), new byte[100]);
    assertThat(refusal()).contains("the deletion vector of a data file is damaged");
    written.table().newDelete().deleteFile(written.built("a", 0)).commit();
    append(written.file("b", 0).withFormat(FileFormat.ORC).build());
    assertThat(refusal()).contains("its data files are in ORC");
    written.table().updateSchema().addColumn("u", Types.UUIDType.get()).commit();
    assertThat(refusal()).contains("its column 'u' is of Iceberg's type uuid");
  }
}
