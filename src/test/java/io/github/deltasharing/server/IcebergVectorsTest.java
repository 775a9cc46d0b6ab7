/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static io.github.deltasharing.server.ServerClient.actions;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.server.config.ShareConfigReader;
import io.github.deltasharing.table.DeletionVector;
import io.github.deltasharing.testing.WrittenIceberg;
import io.github.deltasharing.testing.WrittenParquet;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileMetadata;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data files with a deletion vector and rows that are deleted by equality. */
@Tag("unit")
class IcebergVectorsTest {
  private static final String[] DELTA = {
    "delta-sharing-capabilities",
    "responseformat=delta;readerfeatures=columnmapping,deletionvectors"
  };

  @TempDir Path directory;

  private SharingServer server;
  private WrittenIceberg written;

  @BeforeEach
  void start() throws IOException {
    written = WrittenIceberg.create(directory.resolve("lake/db/t"), 3);
    Path config = directory.resolve("share.yaml");
    Files.writeString(
        config,
        """
        port: 0
        authorization: {bearerToken: %s}
        catalogs: [{name: lake, type: hadoop, warehouse: lake}]
        shares:
        - name: Retail
          schemas: [{name: s, tables: [{name: t, location: 'iceberg://lake/db/t', historyShared: true}]}]
        """
            .formatted(ServerTables.TOKEN));
    server = SharingServer.start(ShareConfigReader.read(config).build());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void append(String name, long first) {
    written.table().newAppend().appendFile(written.readable(name, first)).commit();
  }

  private void delete(DeleteFile... deletes) {
    var delta = written.table().newRowDelta();
    List.of(deletes).forEach(delta::addDeletes);
    delta.commit();
  }

  private HttpResponse<String> query(String body) {
    return new ServerClient(server).query("s.t", body, DELTA);
  }

  /** The deleted rows of each data file that has some, none of whose vectors is in a file. */
  private Map<String, List<Long>> deleted(String body) {
    HttpResponse<String> response = query(body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    Map<String, List<Long>> deleted = new TreeMap<>();
    for (JsonNode file : actions(response, "file")) {
      JsonNode add = file.at("/deltaSingleAction/add");
      JsonNode json = add.path("deletionVector");
      if (!json.isMissingNode()) {
        assertThat(json.path("storageType").asText()).isEqualTo("i");
        DeletionVector vector =
            DeletionVector.ofInline(
                json.path("pathOrInlineDv").asText(),
                json.path("sizeInBytes").asInt(),
                json.path("cardinality").asLong());
        deleted.put(
            add.path("path").asText().replaceFirst(".*/data/", "").replaceFirst("\\?.*", ""),
            LongStream.range(0, 20).filter(vector::isDeleted).boxed().toList());
      }
    }
    return deleted;
  }

  private String refusal() {
    HttpResponse<String> response = query("{}");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    String message = ServerClient.message(response);
    assertThat(message).contains("Retail.s.t").doesNotContain(directory.toString(), "Exception");
    return message;
  }

  @Test
  void bothArePutTogether() {
    append("a", 0);
    append("b", 10);
    append("c", 20);
    delete(written.vector("a", 3), written.vector("c", 5));
    delete(written.byId("d", 1, 3, 11, 12));

    assertThat(deleted("{}"))
        .isEqualTo(Map.of("a", List.of(1L, 3L), "b", List.of(1L, 2L), "c", List.of(5L)));
    // Rows by equality are kept from the first query on: they are without those of the vector.
    assertThat(deleted("{}").get("a")).containsExactly(1L, 3L);
    assertThat(deleted("{\"version\":4}")).isEqualTo(Map.of("a", List.of(3L), "c", List.of(5L)));
    append("later", 0);
    assertThat(deleted("{}")).doesNotContainKey("later");
  }

  /** Those that are written out for readers' sake alone are bounded by 1,000 reads. */
  @Test
  void aVectorIsPutTogetherHoweverManyWereReadBefore() {
    var append = written.table().newAppend();
    var delta = written.table().newRowDelta();
    for (int row = 10; row < 1012; row++) {
      append.appendFile(written.built("f" + row, 10));
      delta.addDeletes(written.vector("f" + row, row));
    }
    append.appendFile(written.readable("z", 0)).commit();
    delta.addDeletes(written.vector("z", 3)).addDeletes(written.byId("d", 1)).commit();

    HttpResponse<String> response = query("{}");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    Map<String, Integer> storage = new TreeMap<>();
    for (JsonNode file : actions(response, "file")) {
      JsonNode add = file.at("/deltaSingleAction/add");
      String type = add.at("/deletionVector/storageType").asText();
      storage.merge(type, 1, Integer::sum);
      if (add.path("path").asText().matches(".*/data/z\\?.*")) {
        assertThat(type).isEqualTo("i");
        assertThat(add.at("/deletionVector/cardinality").asLong()).isEqualTo(2);
      }
    }
    assertThat(storage.get("i") + storage.get("p")).isEqualTo(1003);
    assertThat(storage.get("p")).isPositive();
    // From memory.
    assertThat(vectors(query("{}"))).isEqualTo(vectors(response));
  }

  /** All of each file's vector but the signature of its URL. */
  private static Map<String, String> vectors(HttpResponse<String> response) {
    Map<String, String> vectors = new TreeMap<>();
    for (JsonNode file : actions(response, "file")) {
      JsonNode add = file.at("/deltaSingleAction/add");
      vectors.put(
          add.path("path").asText().replaceFirst("\\?.*", ""),
          add.path("deletionVector").toString().replaceAll("\\?[^\"]*", ""));
    }
    return vectors;
  }

  /** Which takes time for each row, however few bytes the rows have. */
  @Test
  void aFooterThatSaysMoreRowsThanAreReadIsRefused() throws IOException {
    append("a", 0);
    written.table().updateSchema().addColumn("more", Types.LongType.get()).commit();
    WrittenParquet.claimRows(written.directory().resolve("data/a"), 1L << 40);
    Path deletes = written.directory().resolve("data/d");
    delete(
        FileMetadata.deleteFileBuilder(PartitionSpec.unpartitioned())
            .ofEqualityDeletes(3)
            .withPath(deletes.toString())
            .withFormat(FileFormat.PARQUET)
            .withFileSizeInBytes(
                WrittenParquet.write(
                    deletes,
                    "message m { optional int64 more = 3; }",
                    Stream.of(row -> row.add(0, 7L))))
            .withRecordCount(1)
            .build());
    assertThat(refusal()).contains("more than this server resolves");
  }

  @Test
  void aDamagedVectorIsNeverLeftOut() throws IOException {
    append("a", 0);
    delete(written.vector("a", 3), written.byId("d", 1));
    Path file = written.directory().resolve("data/v3.puffin");
    byte[] good = Files.readAllBytes(file);
    for (int at : List.of(7, 11, 20, good.length - 1)) {
      byte[] bad = good.clone();
      bad[at] ^= 1;
      Files.write(file, bad);
      assertThat(refusal()).contains("the deletion vector of a data file is damaged");
    }
    Files.delete(file);
    assertThat(refusal()).contains("is not there");
    Files.write(file, good);
    assertThat(deleted("{}")).isEqualTo(Map.of("a", List.of(1L, 3L)));
  }

  @Test
  void aVectorHasRowsThatTheFileHasNot() {
    append("a", 0);
    delete(written.vector("a", 12), written.byId("d", 1));
    append("b", 10);
    delete(written.byId("e", 1));
    assertThat(refusal()).contains("behind the end of its data file");
  }

  @Test
  void aLongVectorIsRefusedBeforeItIsRead() {
    append("a", 0);
    DeleteFile longer =
        FileMetadata.deleteFileBuilder(PartitionSpec.unpartitioned())
            .ofPositionDeletes()
            .withPath(written.directory().resolve("data/none.puffin").toString())
            .withFormat(FileFormat.PUFFIN)
            .withFileSizeInBytes(6L << 20)
            .withRecordCount(1)
            .withReferencedDataFile(written.directory().resolve("data/a").toString())
            .withContentOffset(4)
            .withContentSizeInBytes(5L << 20)
            .build();
    delete(longer);
    assertThat(query("{}").statusCode()).isEqualTo(200);
    delete(written.byId("d", 77));
    assertThat(query("{}").statusCode()).isEqualTo(200);
    delete(written.byId("e", 1));
    assertThat(refusal()).contains("a vector of more than 4 MiB", "compacted");
  }
}
