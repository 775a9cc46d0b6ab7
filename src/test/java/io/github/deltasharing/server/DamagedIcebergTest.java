/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.server.config.ConfigException;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.config.ShareConfigReader;
import io.github.deltasharing.server.storage.AllowedLocations;
import io.github.deltasharing.testing.WrittenIceberg;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileMetadata;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Literal;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Iceberg tables that cannot be read, or not exactly: one clear refusal, and the server goes on.
 */
@Tag("unit")
class DamagedIcebergTest {
  private static final String[] DELTA = {
    "delta-sharing-capabilities",
    "responseformat=delta;readerfeatures=columnmapping,deletionvectors,timestampntz,typewidening"
  };

  @TempDir Path directory;

  private SharingServer server;

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private ShareConfig config(String yaml) throws IOException {
    Path config = directory.resolve("share.yaml");
    Files.writeString(
        config,
        """
        port: 0
        authorization: {bearerToken: %s}
        catalogs: [{name: lake, type: hadoop, warehouse: lake}]
        shares: [{name: Retail, schemas: [{name: s, tables: [%s]}]}]
        """
            .formatted(ServerTables.TOKEN, yaml));
    return ShareConfigReader.read(config).build();
  }

  private WrittenIceberg table() {
    return WrittenIceberg.create(directory.resolve("lake/db/t"), 2);
  }

  private WrittenIceberg table(Schema schema, PartitionSpec spec) {
    return WrittenIceberg.create(
        directory.resolve("lake/db/t"), schema, spec, Map.of("format-version", "3"));
  }

  /** The refusal of a query, which has no text of the server's own. */
  private String refusal() throws IOException {
    if (server == null) {
      server = SharingServer.start(config("{name: t, location: 'iceberg://lake/db/t'}"));
    }
    HttpResponse<String> response = new ServerClient(server).query("s.t", "{}", DELTA);
    assertThat(response.statusCode()).as(response.body()).isIn(400, 404);
    String message = ServerClient.message(response);
    assertThat(message)
        .contains("Retail.s.t")
        .doesNotContain(directory.toString(), "Exception", "apache");
    return message;
  }

  @Test
  void thereIsNoTable() throws IOException {
    assertThat(refusal()).contains("no Iceberg table");
  }

  @Test
  void metadataIsNoJson() throws IOException {
    WrittenIceberg written = table().append("a", 0);
    for (String text : List.of("", "{", "[]", "{\"format-version\":9}", "[".repeat(5000))) {
      Files.writeString(written.metadata(), text);
      assertThat(refusal()).containsAnyOf("damaged", "not JSON", "limit");
    }
  }

  @Test
  void aFileOfTheMetadataIsMissing() throws IOException {
    WrittenIceberg written = table().append("a", 0);
    Path manifests = manifestList(written);
    byte[] content = Files.readAllBytes(manifests);
    Files.delete(manifests);
    assertThat(refusal()).contains("a file of its Iceberg metadata is not there");
    Files.write(manifests, content);
    Files.delete(manifest(written));
    assertThat(refusal()).contains("a file of its Iceberg metadata is not there");
  }

  @Test
  void aFileOfTheMetadataIsDamaged() throws IOException {
    WrittenIceberg written = table().append("a", 0);
    for (Path file : List.of(manifest(written), manifestList(written))) {
      byte[] content = Files.readAllBytes(file);
      for (byte[] other :
          List.of(
              new byte[0],
              "no Avro".getBytes(StandardCharsets.UTF_8),
              Arrays.copyOf(content, content.length / 2),
              new byte[content.length])) {
        Files.write(file, other);
        assertThat(refusal()).contains("damaged");
      }
      Files.write(file, content);
    }
    assertThat(new ServerClient(server).query("s.t", "{}", DELTA).statusCode()).isEqualTo(200);
  }

  private static Path manifestList(WrittenIceberg written) {
    return Path.of(written.table().currentSnapshot().manifestListLocation());
  }

  private static Path manifest(WrittenIceberg written) {
    return Path.of(
        written.table().currentSnapshot().allManifests(written.table().io()).get(0).path());
  }

  @Test
  void aDataFileIsOutsideOfTheTable() throws IOException {
    for (String path :
        List.of(
            "/etc/passwd",
            "file:///etc/passwd",
            "s3://bucket/x",
            directory.resolve("lake/db/t/../other/f").toString(),
            directory.resolve("lake/db/t2/f").toString(),
            "relative/f")) {
      WrittenIceberg written = WrittenIceberg.create(directory.resolve("lake/db/t"), 2);
      written.table().newAppend().appendFile(written.file("a", 0).withPath(path).build()).commit();
      assertThat(refusal()).as(path).contains("not below the table's directory");
      delete(directory.resolve("lake/db/t"));
    }
  }

  @Test
  void metadataNamesAManifestListOutsideOfTheTable() throws IOException {
    WrittenIceberg written = table().append("a", 0);
    Path outside = directory.resolve("outside.avro");
    Files.move(manifestList(written), outside);
    String json = Files.readString(written.metadata());
    Files.writeString(
        written.metadata(),
        json.replace(written.table().currentSnapshot().manifestListLocation(), outside.toString()));
    assertThat(refusal()).contains("not below the table's directory");
  }

  private static void delete(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void dataFilesAreNotParquet() throws IOException {
    for (FileFormat format : List.of(FileFormat.ORC, FileFormat.AVRO)) {
      WrittenIceberg written = table();
      written
          .table()
          .newAppend()
          .appendFile(written.file("a", 0).withFormat(format).build())
          .commit();
      assertThat(refusal()).contains("its data files are in " + format);
      delete(directory.resolve("lake/db/t"));
    }
  }

  @Test
  void aDataFileIsThereTwice() throws IOException {
    table().append("a", 0).append("b", 10).append("a", 0);
    assertThat(refusal()).contains("a data file twice");
  }

  @Test
  void filesAreEncrypted() throws IOException {
    WrittenIceberg written = table();
    written
        .table()
        .newAppend()
        .appendFile(
            written.file("a", 0).withEncryptionKeyMetadata(ByteBuffer.wrap(new byte[4])).build())
        .commit();
    assertThat(refusal()).contains("encrypted");
  }

  private static DeleteFile byEquality(WrittenIceberg written, FileFormat format, long rows) {
    return FileMetadata.deleteFileBuilder(PartitionSpec.unpartitioned())
        .ofEqualityDeletes(1)
        .withPath(written.directory().resolve("data/d").toString())
        .withFormat(format)
        .withFileSizeInBytes(10)
        .withRecordCount(rows)
        .build();
  }

  /** What is too much is refused before anything of it is read. */
  @Test
  void deletesByEqualityAreBeyondWhatIsResolved() throws IOException {
    WrittenIceberg written = table().append("a", 0);
    DeleteFile many = byEquality(written, FileFormat.PARQUET, 1_000_001);
    written.table().newRowDelta().addDeletes(many).commit();
    assertThat(refusal()).contains("equality deletes are more than 1000000 rows", "compacted");
    written
        .table()
        .newRewrite()
        .deleteFile(many)
        .addFile(byEquality(written, FileFormat.AVRO, 1))
        .commit();
    assertThat(refusal()).contains("equality deletes are in AVRO files");
  }

  @Test
  void deletesAreByEquality() throws IOException {
    WrittenIceberg written = table().append("a", 0);
    DeleteFile delete = byEquality(written, FileFormat.PARQUET, 1);
    written.table().newRowDelta().addDeletes(delete).commit();
    assertThat(refusal()).contains("a file of its Iceberg metadata is not there");
    // They apply to older files alone: a table whose files are all newer has none.
    written.table().newDelete().deleteFile(written.built("a", 0)).commit();
    written.append("b", 0);
    assertThat(new ServerClient(server).query("s.t", "{}", DELTA).statusCode()).isEqualTo(200);
  }

  @Test
  void positionDeletesAreNoParquet() throws IOException {
    for (FileFormat format : List.of(FileFormat.AVRO, FileFormat.PARQUET)) {
      WrittenIceberg written = table().append("a", 0);
      Path file = written.directory().resolve("data/d");
      Files.writeString(file, "no Parquet");
      DeleteFile delete =
          FileMetadata.deleteFileBuilder(PartitionSpec.unpartitioned())
              .ofPositionDeletes()
              .withPath(file.toString())
              .withFormat(format)
              .withFileSizeInBytes(10)
              .withRecordCount(1)
              .build();
      written.table().newRowDelta().addDeletes(delete).commit();
      assertThat(refusal()).containsAnyOf("position deletes are in AVRO files", "damaged");
      delete(directory.resolve("lake/db/t"));
    }
  }

  @Test
  void aVectorIsDamaged() throws IOException {
    WrittenIceberg written =
        table(WrittenIceberg.SCHEMA, PartitionSpec.unpartitioned()).append("a", 0);
    written.table().newRowDelta().addDeletes(written.vector("a", 3)).commit();
    Path file = written.directory().resolve("data/v3.puffin");
    byte[] good = Files.readAllBytes(file);
    for (int at : List.of(7, 11, 20, good.length - 1)) {
      byte[] bad = good.clone();
      bad[at] ^= 1;
      Files.write(file, bad);
      assertThat(refusal()).contains("the deletion vector of a data file is damaged");
    }
    Files.write(file, Arrays.copyOf(good, good.length - 3));
    assertThat(refusal()).contains("Retail.s.t");
  }

  @Test
  void aVectorIsNotInItsFile() throws IOException {
    for (long size : List.of(7L, 101L, 1L << 33)) {
      WrittenIceberg written =
          table(WrittenIceberg.SCHEMA, PartitionSpec.unpartitioned()).append("a", 0);
      DeleteFile delete =
          FileMetadata.deleteFileBuilder(PartitionSpec.unpartitioned())
              .ofPositionDeletes()
              .withPath(written.directory().resolve("data/d.puffin").toString())
              .withFormat(FileFormat.PUFFIN)
              .withFileSizeInBytes(100)
              .withRecordCount(1)
              .withReferencedDataFile(written.directory().resolve("data/a").toString())
              .withContentOffset(0)
              .withContentSizeInBytes(size)
              .build();
      written.table().newRowDelta().addDeletes(delete).commit();
      assertThat(refusal()).contains("not inside its Puffin file");
      delete(directory.resolve("lake/db/t"));
    }
  }

  @Test
  void filesMayHaveNoFieldIds() throws IOException {
    WrittenIceberg written = table().append("a", 0);
    written.table().updateProperties().set("schema.name-mapping.default", "[]").commit();
    assertThat(refusal()).contains("field ids", "schema.name-mapping.default");
  }

  @Test
  void aPartitionColumnMayBeInNoFile() throws IOException {
    PartitionSpec spec = PartitionSpec.builderFor(WrittenIceberg.SCHEMA).identity("name").build();
    WrittenIceberg written = table(WrittenIceberg.SCHEMA, spec);
    written
        .table()
        .newAppend()
        .appendFile(
            DataFiles.builder(spec)
                .withPath(written.directory().resolve("data/f").toString())
                .withFormat(FileFormat.PARQUET)
                .withFileSizeInBytes(10)
                .withRecordCount(1)
                .withPartitionPath("name=x")
                .build())
        .commit();
    assertThat(refusal()).contains("partition column 'name'");
  }

  static List<Type> typesWithoutCounterpart() {
    return List.of(
        Types.TimeType.get(),
        Types.UUIDType.get(),
        Types.FixedType.ofLength(4),
        Types.TimestampNanoType.withZone(),
        Types.TimestampNanoType.withoutZone(),
        Types.VariantType.get(),
        Types.UnknownType.get(),
        Types.GeometryType.crs84(),
        Types.GeographyType.crs84());
  }

  @ParameterizedTest
  @MethodSource("typesWithoutCounterpart")
  void aTypeHasNoCounterpart(Type type) throws IOException {
    Schema schema =
        new Schema(
            Types.NestedField.optional(
                1,
                "s",
                Types.StructType.of(
                    Types.NestedField.optional(2, "l", Types.ListType.ofOptional(3, type)))));
    table(schema, PartitionSpec.unpartitioned());
    assertThat(refusal()).contains("'s.l.element'", type.toString());
  }

  @Test
  void aColumnHasAnInitialDefault() throws IOException {
    Schema schema =
        new Schema(
            Types.NestedField.required("n")
                .withId(1)
                .ofType(Types.IntegerType.get())
                .withInitialDefault(Literal.of(34))
                .build());
    table(schema, PartitionSpec.unpartitioned());
    assertThat(refusal()).contains("'n'", "initial default");
  }

  @Test
  void namesDifferByCaseAlone() throws IOException {
    Schema schema =
        new Schema(
            Types.NestedField.optional(1, "n", Types.IntegerType.get()),
            Types.NestedField.optional(2, "N", Types.IntegerType.get()));
    table(schema, PartitionSpec.unpartitioned());
    assertThat(refusal()).contains("upper and lower case");
  }

  @Test
  void providersShareTablesOfAllowedCatalogs() throws IOException {
    AllowedLocations allowed = new AllowedLocations(List.of(URI.create("iceberg://lake/db")));
    assertThat(allowed.resolve("iceberg://lake/db/t?ref=b"))
        .contains(URI.create("iceberg://lake/db/t?ref=b"));
    assertThat(allowed.resolve("iceberg://lake/other/t")).isEmpty();
    assertThat(allowed.resolve("iceberg://other/db/t")).isEmpty();
    assertThat(allowed.resolve("iceberg://lake/db/../other/t")).isEmpty();
    Path config = directory.resolve("share.yaml");
    Files.writeString(config, "data: store\nallowedLocations: ['iceberg://lake']\n");
    assertThat(ShareConfigReader.read(config).build().provider().orElseThrow().allowedLocations())
        .containsExactly(URI.create("iceberg://lake"));
  }

  @Test
  void wrongConfigurationsAreRefusedByKey() {
    for (Map.Entry<String, String> wrong :
        Map.of(
                "{name: t, location: 'iceberg://other/db/t'}", "catalog 'other'",
                "{name: t, location: 'iceberg://lake/t'}",
                    "iceberg://<catalog>/<namespace>/<table>",
                "{name: t, location: 'iceberg://lake/db/../t'}",
                    "shares[0].schemas[0].tables[0].location",
                "{name: t, location: 'iceberg://lake/db/t?branch=b'}", "?ref=<branch or tag>",
                "{name: t, location: /x/y/v1.metadata.json}", "directory 'metadata'",
                "{name: t, location: 'iceberg://lake/db/t', accessModes: [dir]}", "access mode dir")
            .entrySet()) {
      assertThatThrownBy(() -> config(wrong.getKey()))
          .as(wrong.getKey())
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining(wrong.getValue());
    }
  }
}
