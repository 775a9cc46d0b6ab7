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
import io.github.deltasharing.testing.WrittenIceberg;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileMetadata;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.mapping.MappingUtil;
import org.apache.iceberg.mapping.NameMappingParser;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the server says of tables whose files may be without Iceberg's field ids and partition
 * columns, as migrations leave them: their metadata has a mapping of names.
 */
@Tag("unit")
class NameMappedIcebergTest {
  private static final String[] DELTA = {
    "delta-sharing-capabilities",
    "responseformat=delta;readerfeatures=columnmapping,deletionvectors,timestampntz,typewidening"
  };
  private static final String MAPPING = "schema.name-mapping.default";

  @TempDir Path directory;

  private SharingServer server;
  private ServerClient client;

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  /** A table with the mapping that a migration gives it. */
  private WrittenIceberg table(Schema schema, PartitionSpec spec) throws IOException {
    stop();
    WrittenIceberg written =
        WrittenIceberg.create(
            Files.createTempDirectory(directory, "lake").resolve("db/t"),
            schema,
            spec,
            Map.of("format-version", "3"));
    map(written, NameMappingParser.toJson(MappingUtil.create(written.table().schema())));
    Path lake = directory.relativize(written.directory().getParent().getParent());
    Path config = directory.resolve("share.yaml");
    Files.writeString(
        config,
        """
        port: 0
        authorization: {bearerToken: %s}
        evaluatePredicateHints: true
        catalogs: [{name: lake, type: hadoop, warehouse: %s}]
        shares:
        - name: Retail
          schemas: [{name: s, tables: [{name: t, location: 'iceberg://lake/db/t', historyShared: true}]}]
        """
            .formatted(ServerTables.TOKEN, lake));
    server = SharingServer.start(ShareConfigReader.read(config).build());
    client = new ServerClient(server);
    return written;
  }

  private static void map(WrittenIceberg written, String mapping) {
    written.table().updateProperties().set(MAPPING, mapping).commit();
  }

  private WrittenIceberg byName() throws IOException {
    return table(
        WrittenIceberg.SCHEMA,
        PartitionSpec.builderFor(WrittenIceberg.SCHEMA).identity("name").build());
  }

  /** One without metrics, as of a file that lacks the partition columns. */
  private static DataFile file(WrittenIceberg written, String name, Object... values) {
    PartitionSpec spec = written.table().spec();
    PartitionData partition = new PartitionData(spec.partitionType());
    for (int i = 0; i < values.length; i++) {
      partition.set(i, values[i]);
    }
    return DataFiles.builder(spec)
        .withPath(written.directory().resolve("data").resolve(name).toString())
        .withFormat(FileFormat.PARQUET)
        .withFileSizeInBytes(10)
        .withRecordCount(10)
        .withPartition(partition)
        .build();
  }

  private static void append(WrittenIceberg written, String name, Object... values) {
    written.table().newAppend().appendFile(file(written, name, values)).commit();
  }

  private HttpResponse<String> query(String body) {
    return client.query("s.t", body, DELTA);
  }

  private String refusal() {
    HttpResponse<String> response = query("{}");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    return ServerClient.message(response);
  }

  private static List<JsonNode> files(HttpResponse<String> response) {
    return actions(response, "file").stream()
        .map(file -> file.at("/deltaSingleAction/add"))
        .toList();
  }

  private static List<String> values(HttpResponse<String> response) {
    return files(response).stream()
        .map(file -> file.path("partitionValues").toString())
        .sorted()
        .toList();
  }

  @Test
  void columnsAreFoundByNameAndPartitionsAreValues() throws IOException {
    WrittenIceberg written = byName();
    append(written, "a", "x");
    append(written, "b", (Object) null);

    JsonNode protocol = actions(query("{}"), "protocol").get(0).path("deltaProtocol");
    assertThat(protocol)
        .hasToString(
            "{\"minReaderVersion\":1,\"minWriterVersion\":7,\"writerFeatures\":[\"changeDataFeed\"]}");
    JsonNode metadata = actions(query("{}"), "metaData").get(0).path("deltaMetadata");
    assertThat(metadata.path("partitionColumns")).hasToString("[\"name\"]");
    assertThat(metadata.path("schemaString").asText()).doesNotContain("columnMapping");
    assertThat(metadata.path("configuration"))
        .hasToString("{\"delta.enableChangeDataFeed\":\"true\"}");
    assertThat(values(query("{}"))).containsExactly("{\"name\":\"x\"}", "{\"name\":null}");
    assertThat(values(query("{\"predicateHints\":[\"name = 'x'\"]}")))
        .containsExactly("{\"name\":\"x\"}");
    assertThat(values(query("{\"predicateHints\":[\"name IS NULL\"]}")))
        .containsExactly("{\"name\":null}");

    HttpResponse<String> parquet = client.query("s.t", "{\"predicateHints\":[\"name = 'x'\"]}");
    assertThat(actions(parquet, "metaData").get(0).path("partitionColumns"))
        .hasToString("[\"name\"]");
    assertThat(actions(parquet, "file"))
        .singleElement()
        .matches(file -> file.path("partitionValues").toString().equals("{\"name\":\"x\"}"));
  }

  /** Files that have a partition column have its metrics, which are no statistics in Delta. */
  @Test
  void partitionColumnsHaveNoStatistics() throws IOException {
    WrittenIceberg written = byName();
    written
        .table()
        .newAppend()
        .appendFile(written.file("a", 0).withPartitionPath("name=a").build())
        .commit();

    assertThat(ServerClient.tree(files(query("{}")).get(0).path("stats").asText()).toString())
        .isEqualTo(
            "{\"numRecords\":10,\"tightBounds\":false,\"minValues\":{\"id\":0},\"maxValues\":{\"id\":9},\"nullCount\":{\"id\":0}}");
  }

  static Stream<Arguments> partitionValues() {
    long micros =
        ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse("1969-12-31T23:59:59.000001Z"));
    return Stream.of(
        Arguments.of(Types.BooleanType.get(), true, "\"true\""),
        Arguments.of(Types.IntegerType.get(), -1, "\"-1\""),
        Arguments.of(Types.LongType.get(), Long.MIN_VALUE, "\"-9223372036854775808\""),
        Arguments.of(Types.DecimalType.of(12, 10), new BigDecimal("1E-10"), "\"0.0000000001\""),
        Arguments.of(
            Types.DateType.get(),
            (int) LocalDate.parse("0001-01-01").toEpochDay(),
            "\"0001-01-01\""),
        Arguments.of(Types.TimestampType.withZone(), micros, "\"1969-12-31T23:59:59.000001Z\""),
        Arguments.of(Types.TimestampType.withoutZone(), micros, "\"1969-12-31 23:59:59.000001\""),
        Arguments.of(Types.StringType.get(), " ä/%20€", "\" ä/%20€\""),
        Arguments.of(Types.StringType.get(), null, "null"));
  }

  @ParameterizedTest
  @MethodSource("partitionValues")
  void valuesAreTextsOfDeltas(Type type, Object value, String text) throws IOException {
    Schema schema =
        new Schema(
            Types.NestedField.optional(1, "id", Types.LongType.get()),
            Types.NestedField.optional(2, "p", type));
    append(table(schema, PartitionSpec.builderFor(schema).identity("p").build()), "a", value);

    assertThat(values(query("{}"))).containsExactly("{\"p\":%s}".formatted(text));
  }

  @Test
  void aValueHasNoTextOfDeltas() throws IOException {
    WrittenIceberg written = byName();
    append(written, "a", "");
    assertThat(refusal()).contains("Retail.s.t", "partition column 'name'", "the empty text");

    Schema schema =
        new Schema(
            Types.NestedField.optional(1, "id", Types.LongType.get()),
            Types.NestedField.optional(2, "p", Types.DateType.get()));
    written = table(schema, PartitionSpec.builderFor(schema).identity("p").build());
    append(written, "a", Integer.MAX_VALUE);
    assertThat(refusal()).contains("partition column 'p'", "outside of the years 1 to 9999");
  }

  /** Readers make other values of their texts, or not all specs have them: they stay in files. */
  @Test
  void someIdentityColumnsAreNoPartitionColumns() throws IOException {
    for (Type type :
        List.of(Types.DoubleType.get(), Types.FloatType.get(), Types.BinaryType.get())) {
      Schema schema = new Schema(Types.NestedField.optional(1, "p", type));
      WrittenIceberg written =
          table(schema, PartitionSpec.builderFor(schema).identity("p").build());
      Object zero = type == Types.DoubleType.get() ? (Object) (-0.0) : (Object) (-0.0f);
      append(written, "a", type == Types.BinaryType.get() ? ByteBuffer.allocate(1) : zero);
      assertThat(refusal()).contains("does not say whether it has the partition column 'p'");
    }
    WrittenIceberg written = byName();
    append(written, "a", "x");
    written.table().updateSpec().removeField("name").commit();
    assertThat(refusal()).contains("does not say whether it has the partition column 'name'");
  }

  @Test
  void partitionsEvolveBesideTheOnesThatAllFilesHave() throws IOException {
    WrittenIceberg written = byName();
    append(written, "a", "x");
    written.table().updateSpec().addField("id").commit();
    PartitionSpec spec = written.table().spec();
    written
        .table()
        .newAppend()
        .appendFile(written.file("b", 7).withPartitionPath("name=y/id=7").build())
        .commit();
    assertThat(spec.fields()).hasSize(2);

    assertThat(values(query("{}"))).containsExactly("{\"name\":\"x\"}", "{\"name\":\"y\"}");
    assertThat(values(query("{\"predicateHints\":[\"name = 'y' AND id = 7\"]}")))
        .containsExactly("{\"name\":\"y\"}");
  }

  /** Of the same snapshot: files that are kept in memory are described anew. */
  @Test
  void aColumnIsAPartitionColumnNoMore() throws IOException {
    WrittenIceberg written = byName();
    written
        .table()
        .newAppend()
        .appendFile(written.file("a", 0).withPartitionPath("name=a").build())
        .commit();
    assertThat(values(query("{}"))).containsExactly("{\"name\":\"a\"}");
    assertThat(values(query("{}"))).containsExactly("{\"name\":\"a\"}");

    written.table().updateSpec().removeField("name").commit();

    assertThat(values(query("{}"))).containsExactly("{}");
    assertThat(values(query("{\"predicateHints\":[\"name = 'c'\"]}"))).isEmpty();
    assertThat(actions(query("{}"), "metaData").get(0).at("/deltaMetadata/partitionColumns"))
        .isEmpty();
  }

  /** A reader would look for values of the first page's partition columns. */
  @Test
  void pagesAreOfOneDescription() throws IOException {
    WrittenIceberg written = byName();
    written
        .table()
        .newAppend()
        .appendFile(written.file("a", 0).withPartitionPath("name=a").build())
        .appendFile(written.file("b", 0).withPartitionPath("name=b").build())
        .commit();
    String page = nextPage(query("{\"maxFiles\":1}"));
    String changes = nextPage(client.changes("s.t", "startingVersion=1&maxFiles=1", DELTA));
    assertThat(values(query("{\"maxFiles\":1,\"pageToken\":\"" + page + "\"}"))).hasSize(1);

    written.table().updateSpec().removeField("name").commit();

    HttpResponse<String> next = query("{\"maxFiles\":1,\"pageToken\":\"" + page + "\"}");
    assertThat(next.statusCode()).isEqualTo(400);
    assertThat(ServerClient.message(next))
        .contains("Cannot go on with the pages of Retail.s.t", "without pageToken");
    assertThat(
            ServerClient.message(
                client.changes("s.t", "startingVersion=1&maxFiles=1&pageToken=" + changes, DELTA)))
        .contains("Cannot go on with the pages of Retail.s.t");
  }

  private static String nextPage(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return actions(response, "endStreamAction").get(0).path("nextPageToken").asText();
  }

  private interface Change {
    void make(WrittenIceberg table) throws IOException;
  }

  private static Arguments change(String name, Change change, String... says) {
    return Arguments.of(Named.of(name, change), List.of(says));
  }

  private static void evolve(WrittenIceberg written, Consumer<UpdateSchema> how) {
    UpdateSchema update = written.table().updateSchema();
    how.accept(update);
    update.commit();
  }

  static Stream<Arguments> columnsNotFoundByName() {
    return Stream.of(
        change(
            "renamed",
            written -> evolve(written, update -> update.renameColumn("name", "title")),
            "'title'",
            "had another name"),
        change(
            "dropped and added",
            written -> {
              evolve(written, update -> update.deleteColumn("name"));
              evolve(written, update -> update.addColumn("name", Types.StringType.get()));
            },
            "'name'",
            "another column had its name"),
        change(
            "renamed in a struct",
            written -> {
              evolve(
                  written,
                  update ->
                      update.addColumn(
                          "s",
                          Types.StructType.of(
                              Types.NestedField.optional(10, "a", Types.LongType.get()))));
              evolve(written, update -> update.renameColumn("s.a", "b"));
            },
            "'s.b'",
            "had another name"),
        change(
            "a name that is spelled in another way in files",
            written -> evolve(written, update -> update.addColumn("a b", Types.LongType.get())),
            "'a b'",
            "spell its name in another way"),
        change(
            "not in the mapping",
            written -> map(written, "[{\"field-id\": 1, \"names\": [\"id\"]}]"),
            "'name'",
            "the property does not have it"),
        change(
            "in the mapping by another case",
            written ->
                map(
                    written,
                    "[{\"field-id\": 1, \"names\": [\"id\"]}, {\"field-id\": 2, \"names\": [\"Name\"]}]"),
            "'name'",
            "the property does not have it"),
        change(
            "another column's in the mapping",
            written ->
                map(
                    written,
                    "[{\"field-id\": 2, \"names\": [\"id\"]}, {\"field-id\": 1, \"names\": [\"name\"]}]"),
            "'id'",
            "its name to another column"),
        change(
            "by two names in the mapping",
            written ->
                map(
                    written,
                    "[{\"field-id\": 1, \"names\": [\"id\", \"key\"]}, {\"field-id\": 2, \"names\": [\"name\"]}]"),
            "'id'",
            "other names"),
        change(
            "an element that is not in the mapping",
            written -> {
              evolve(
                  written,
                  update ->
                      update.addColumn("l", Types.ListType.ofOptional(9, Types.LongType.get())));
              map(
                  written,
                  written.table().properties().get(MAPPING).replace("\"element\"", "\"item\""));
            },
            "'l.element'",
            "the property does not have it"),
        change(
            "twice in the mapping",
            written ->
                map(
                    written,
                    "[{\"field-id\": 1, \"names\": [\"id\"]}, {\"field-id\": 1, \"names\": [\"name\"]}]"),
            MAPPING,
            "is no mapping"),
        change("no mapping", written -> map(written, "{"), MAPPING, "is no mapping"));
  }

  @ParameterizedTest
  @MethodSource("columnsNotFoundByName")
  void aColumnIsNotFoundByItsName(Change change, List<String> says) throws IOException {
    WrittenIceberg written = table(WrittenIceberg.SCHEMA, PartitionSpec.unpartitioned());
    written.append("a", 0);
    assertThat(files(query("{}"))).hasSize(1);

    change.make(written);

    assertThat(refusal()).contains("Retail.s.t").contains(says);
    // All files have ids, says a table that has no mapping.
    written.table().updateProperties().remove(MAPPING).commit();
    assertThat(files(query("{}"))).hasSize(1);
  }

  /** In a mapping that Iceberg keeps, added columns are found, and promoted ones are widened. */
  @Test
  void columnsAreAddedAndPromoted() throws IOException {
    Schema schema = new Schema(Types.NestedField.optional(1, "id", Types.IntegerType.get()));
    WrittenIceberg written = table(schema, PartitionSpec.unpartitioned());
    append(written, "a");
    evolve(
        written,
        update ->
            update
                .updateColumn("id", Types.LongType.get())
                .addColumn("at", Types.TimestampType.withoutZone()));

    assertThat(actions(query("{}"), "protocol").get(0).at("/deltaProtocol/readerFeatures"))
        .extracting(JsonNode::asText)
        .containsExactly("timestampNtz", "typeWidening");
    JsonNode metadata = actions(query("{}"), "metaData").get(0).path("deltaMetadata");
    assertThat(metadata.path("schemaString").asText())
        .contains("\"fromType\":\"integer\"")
        .doesNotContain("columnMapping");
    assertThat(metadata.path("configuration").path("delta.enableTypeWidening").asText())
        .isEqualTo("true");
    assertThat(ServerClient.message(client.query("s.t", "{}")))
        .contains("timestampNtz, typeWidening");
  }

  /** The changes of a range have its partition values, and all the features that it takes. */
  @Test
  void changesHavePartitionValues() throws IOException {
    WrittenIceberg written = byName();
    append(written, "a", "x");
    DataFile second = file(written, "b", "y");
    written.table().newAppend().appendFile(second).commit();
    written.table().newDelete().deleteFile(second).commit();

    HttpResponse<String> changes = client.changes("s.t", "startingVersion=1", DELTA);
    assertThat(actions(changes, "protocol").get(0).at("/deltaProtocol/minReaderVersion").asInt())
        .isEqualTo(1);
    assertThat(actions(changes, "metaData").get(0).at("/deltaMetadata/partitionColumns"))
        .hasToString("[\"name\"]");
    assertThat(
            actions(changes, "file").stream()
                .map(file -> file.path("deltaSingleAction").fields().next())
                .map(action -> action.getKey() + action.getValue().path("partitionValues")))
        .containsExactly("add{\"name\":\"x\"}", "add{\"name\":\"y\"}", "remove{\"name\":\"y\"}");

    HttpResponse<String> parquet = client.changes("s.t", "startingVersion=1");
    assertThat(actions(parquet, "add"))
        .extracting(file -> file.path("partitionValues").toString())
        .containsExactly("{\"name\":\"x\"}", "{\"name\":\"y\"}");
    assertThat(actions(parquet, "remove"))
        .extracting(file -> file.path("partitionValues").toString())
        .containsExactly("{\"name\":\"y\"}");

    DataFile deleted = file(written, "c", "z");
    written.table().newAppend().appendFile(deleted).commit();
    written
        .table()
        .newRowDelta()
        .addDeletes(
            FileMetadata.deleteFileBuilder(written.table().spec())
                .copy(written.vector("c", 1))
                .withPartition(deleted.partition())
                .build())
        .commit();
    JsonNode protocol =
        actions(
                client.changes("s.t", "startingVersion=1&includeHistoricalMetadata=true", DELTA),
                "protocol")
            .get(0)
            .path("deltaProtocol");
    assertThat(protocol.path("minReaderVersion").asInt()).isEqualTo(3);
    assertThat(protocol.path("readerFeatures")).hasToString("[\"deletionVectors\"]");
  }

  /** The server reads compared columns from files, which do not say that they have this one. */
  @Test
  void deletesCompareAPartitionColumn() throws IOException {
    WrittenIceberg written = byName();
    append(written, "a", "x");
    PartitionData partition = new PartitionData(written.table().spec().partitionType());
    partition.set(0, "x");
    written
        .table()
        .newRowDelta()
        .addDeletes(
            FileMetadata.deleteFileBuilder(written.table().spec())
                .ofEqualityDeletes(2)
                .withPath(written.directory().resolve("data/d").toString())
                .withFormat(FileFormat.PARQUET)
                .withFileSizeInBytes(10)
                .withRecordCount(1)
                .withPartition(partition)
                .build())
        .commit();

    assertThat(refusal()).contains("does not say whether it has the partition column 'name'");
  }
}
