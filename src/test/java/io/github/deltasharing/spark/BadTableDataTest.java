/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.testing.DeletionVectorBytes;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubServer;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tables whose files or deletion vectors are not what their log says: one clear error that names
 * table and file, never values that are not there, never a credential.
 */
class BadTableDataTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TABLE = "/delta-sharing/shares/share/schemas/schema/tables/t";
  private static final String PROTOCOL =
      "{\"protocol\":{\"deltaProtocol\":{\"minReaderVersion\":3,\"minWriterVersion\":7,"
          + "\"readerFeatures\":[\"deletionVectors\",\"columnMapping\"],\"writerFeatures\":[]}}}";

  /** Stands in every signed URL's query. */
  private static final String SIGNATURE = "signature-" + TestShare.CANARY;

  /** Of the file of ten rows that most tests read. */
  private static final byte[] THREE_DELETED = DeletionVectorBytes.bitmap(1, 4, 9);

  @TempDir static Path directory;
  private static int written;

  private StubServer stub;

  @BeforeEach
  void start() {
    stub = new StubServer();
  }

  @AfterEach
  void stop() {
    stub.close();
    TestSpark.session().conf().unset("spark.sql.parquet.enableVectorizedReader");
  }

  /** A Parquet file of ten rows, {@code id} from 0. */
  private static byte[] parquet(String... columns) throws IOException {
    Path path = directory.resolve("file" + written++);
    TestSpark.session().range(0, 10, 1, 1).selectExpr(columns).write().parquet(path.toString());
    try (Stream<Path> files = Files.list(path)) {
      return Files.readAllBytes(
          files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow());
    }
  }

  private String signed(String path) {
    return stub.url(path) + "?sig=" + SIGNATURE;
  }

  private static String metadata(String schemaString, String... partitionColumns) {
    ObjectNode line = JSON.createObjectNode();
    ObjectNode metadata = line.putObject("metaData").putObject("deltaMetadata");
    metadata.put("id", "table-id");
    metadata.putObject("format").put("provider", "parquet");
    metadata.put("schemaString", schemaString);
    var partitions = metadata.putArray("partitionColumns");
    Arrays.asList(partitionColumns).forEach(partitions::add);
    metadata.putObject("configuration");
    return line.toString();
  }

  /** An add action for the file "f1", and what else to put into it. */
  private ObjectNode add(long size) {
    ObjectNode add = JSON.createObjectNode();
    add.put("path", signed("/data"));
    add.putObject("partitionValues");
    add.put("size", size);
    add.put("modificationTime", 0);
    add.put("dataChange", true);
    return add;
  }

  private static ObjectNode vector(ObjectNode add, String type, String place, int size, long rows) {
    ObjectNode vector = add.putObject("deletionVector");
    vector.put("storageType", type).put("pathOrInlineDv", place);
    vector.put("sizeInBytes", size).put("cardinality", rows);
    if (!type.equals("i")) {
      vector.put("offset", 1);
    }
    return vector;
  }

  /** Reads the table of one file. */
  private List<Row> read(String metadata, ObjectNode add, byte[] data) {
    return table(metadata, add, data).collectAsList();
  }

  private Dataset<Row> table(String metadata, ObjectNode add, byte[] data) {
    ObjectNode file = JSON.createObjectNode();
    file.putObject("file").put("id", "f1").putObject("deltaSingleAction").set("add", add);
    stub.on(TABLE + "/metadata", delta(PROTOCOL, metadata));
    stub.on(TABLE + "/query", delta(PROTOCOL, metadata, file.toString()));
    stub.on("/data", request -> StubAnswer.file(request, data));
    Path profile = directory.resolve("stub.share");
    TestShare.writeProfile(profile, stub.url("/delta-sharing"), TestShare.CANARY);
    return TestSpark.session()
        .read()
        .format("deltaSharing")
        .options(Map.of("retrySleepInterval", "1ms", "numRetries", "1"))
        .load(profile + "#share.schema.t");
  }

  private static StubAnswer delta(String... lines) {
    return StubAnswer.ndjson(lines)
        .withHeader("delta-sharing-capabilities", "responseformat=delta");
  }

  private static String schema(String ddl) {
    return StructType.fromDDL(ddl).json();
  }

  /** The error of ours, which is one line that ends in advice and says where and why. */
  private static void assertClear(Throwable thrown, String... parts) {
    assertThat(thrown).isNotNull();
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString()).doesNotContain(TestShare.CANARY).doesNotContain("sig=");
    Throwable ours = thrown;
    while (ours != null && !(ours instanceof SharingException)) {
      ours = ours.getCause();
    }
    assertThat(ours).as(trace.toString()).isNotNull();
    assertThat(ours.getMessage())
        .contains("share.schema.t")
        .contains(parts)
        .doesNotContain("\n")
        .endsWith(".");
  }

  private static void columnar(boolean columnar) {
    TestSpark.session().conf().set("spark.sql.parquet.enableVectorizedReader", columnar);
  }

  // Deletion vectors.

  @ParameterizedTest(name = "columnar {0}")
  @ValueSource(booleans = {true, false})
  void deletionVectorsThatAreRight(boolean columnar) throws IOException {
    columnar(columnar);
    byte[] data = parquet("id");
    byte[] framed = DeletionVectorBytes.framed(THREE_DELETED);
    stub.on("/dv", request -> StubAnswer.file(request, DeletionVectorBytes.file(framed)));
    ObjectNode stored = add(data.length);
    vector(stored, "p", signed("/dv"), THREE_DELETED.length, 3);
    assertThat(read(metadata(schema("id BIGINT")), stored, data)).hasSize(7);
    ObjectNode inline = add(data.length);
    vector(inline, "i", DeletionVectorBytes.z85(THREE_DELETED), THREE_DELETED.length, 3);
    assertThat(read(metadata(schema("id BIGINT")), inline, data)).hasSize(7);
  }

  static Stream<Arguments> badVectorFiles() {
    byte[] good = DeletionVectorBytes.framed(THREE_DELETED);
    byte[] checksum = good.clone();
    checksum[checksum.length - 1] ^= 1;
    byte[] flipped = good.clone();
    flipped[30] ^= 1;
    byte[] length = good.clone();
    length[3] ^= 8;
    byte[] junk = new byte[40];
    new Random(1).nextBytes(junk);
    byte[] cut = Arrays.copyOf(THREE_DELETED, THREE_DELETED.length - 5);
    byte[] hugeCount = THREE_DELETED.clone();
    hugeCount[10] = 1;
    int size = THREE_DELETED.length;
    return Stream.of(
        Arguments.of("checksum", checksum, size, 3, "checksum"),
        Arguments.of("a bit flipped", flipped, size, 3, "checksum"),
        Arguments.of("cardinality", good, size, 4, "holds 3 rows where 4"),
        Arguments.of("length inside", length, size, 3, "were promised"),
        Arguments.of("length promised", good, size - 4, 3, "were promised"),
        Arguments.of("longer than the file", good, size + 400, 3, "bytes"),
        Arguments.of("negative length", good, -20, 3, "promised -20 bytes"),
        Arguments.of("most negative length", good, Integer.MIN_VALUE, 3, "bytes"),
        Arguments.of("greatest length", good, Integer.MAX_VALUE, 3, "bytes"),
        Arguments.of("no Roaring", DeletionVectorBytes.framed(junk), 40, 3, "Roaring"),
        Arguments.of("cut Roaring", DeletionVectorBytes.framed(cut), cut.length, 3, "Roaring"),
        Arguments.of(
            "too many bitmaps", DeletionVectorBytes.framed(hugeCount), size, 3, "Roaring"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badVectorFiles")
  void aBadDeletionVector(String what, byte[] framed, int size, long rows, String expected)
      throws IOException {
    byte[] data = parquet("id");
    stub.on("/dv", request -> StubAnswer.file(request, DeletionVectorBytes.file(framed)));
    ObjectNode add = add(data.length);
    vector(add, "u", signed("/dv"), size, rows);
    Throwable e = catchThrowable(() -> read(metadata(schema("id BIGINT")), add, data));
    assertClear(e, "f1", "deletion vector", expected);
  }

  @ParameterizedTest
  @CsvSource({
    "abc, 44, multiple of 5",
    "~~~~~, 4, not Z85",
    "#####, 4, out of range",
    "00000, 44, 4 bytes where 44",
    "00000, -1, promised -1 bytes",
    "0000000000, 8, portable format",
    "'', 0, Roaring",
  })
  void aBadInlineDeletionVector(String text, int size, String expected) throws IOException {
    byte[] data = parquet("id");
    ObjectNode add = add(data.length);
    vector(add, "i", text, size, 3);
    Throwable e = catchThrowable(() -> read(metadata(schema("id BIGINT")), add, data));
    assertClear(e, "f1", "deletion vector", expected);
  }

  @ParameterizedTest
  @CsvSource({"u, ab^-aqEH.-t@S}K{vb[*k^", "p, s3://bucket/dv.bin", "x, 00000", "p, https://"})
  void aDeletionVectorWithoutSignedUrl(String type, String place) throws IOException {
    byte[] data = parquet("id");
    ObjectNode add = add(data.length);
    vector(add, type, place, 44, 3);
    Throwable e = catchThrowable(() -> read(metadata(schema("id BIGINT")), add, data));
    assertClear(e, "f1", "deletion vector", "URL");
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 404, 500})
  void aDeletionVectorThatIsGone(int status) throws IOException {
    byte[] data = parquet("id");
    stub.on("/dv", StubAnswer.status(status));
    ObjectNode add = add(data.length);
    vector(add, "u", signed("/dv"), 44, 3);
    Throwable e = catchThrowable(() -> read(metadata(schema("id BIGINT")), add, data));
    assertClear(e, "deletion vector of f1", "HTTP " + status);
  }

  // Data files.

  static Stream<Arguments> wrongTypes() {
    return Stream.of("true", "false")
        .map(Boolean::valueOf)
        .flatMap(
            columnar ->
                Stream.of(
                    Arguments.of(columnar, "CAST(id AS STRING) AS c", "BIGINT"),
                    Arguments.of(columnar, "CAST(id AS STRING) AS c", "INT"),
                    Arguments.of(columnar, "CAST(id AS STRING) AS c", "DOUBLE"),
                    Arguments.of(columnar, "id AS c", "INT"),
                    Arguments.of(columnar, "id + 5000000000 AS c", "INT"),
                    Arguments.of(columnar, "id AS c", "SMALLINT"),
                    Arguments.of(columnar, "id AS c", "STRING"),
                    Arguments.of(columnar, "id AS c", "TIMESTAMP"),
                    Arguments.of(columnar, "id AS c", "BOOLEAN"),
                    Arguments.of(columnar, "id AS c", "FLOAT"),
                    Arguments.of(columnar, "CAST(id AS DOUBLE) AS c", "FLOAT"),
                    Arguments.of(columnar, "CAST(id AS DOUBLE) AS c", "BIGINT"),
                    Arguments.of(columnar, "CAST(id * 1.5 AS DECIMAL(9,3)) AS c", "DECIMAL(9,2)"),
                    Arguments.of(columnar, "CAST(id AS DECIMAL(9,0)) AS c", "STRING"),
                    Arguments.of(columnar, "current_timestamp() AS c", "BIGINT"),
                    Arguments.of(columnar, "CAST(id AS DECIMAL(9,2)) AS c", "DECIMAL(5,2)"),
                    Arguments.of(columnar, "array(id) AS c", "STRUCT<x: BIGINT>"),
                    Arguments.of(columnar, "array(id) AS c", "MAP<BIGINT, BIGINT>"),
                    Arguments.of(columnar, "named_struct('x', id) AS c", "ARRAY<BIGINT>"),
                    Arguments.of(columnar, "named_struct('x', id) AS c", "STRUCT<x: INT>"),
                    Arguments.of(columnar, "array(id) AS c", "ARRAY<INT>"),
                    Arguments.of(columnar, "array(CAST(id AS STRING)) AS c", "ARRAY<BIGINT>"),
                    Arguments.of(columnar, "map('k', id) AS c", "MAP<STRING, INT>"),
                    Arguments.of(columnar, "id AS c", "STRUCT<x: BIGINT>"),
                    Arguments.of(columnar, "id AS c", "ARRAY<BIGINT>"),
                    Arguments.of(columnar, "named_struct('x', id) AS c", "BIGINT")));
  }

  @ParameterizedTest(name = "columnar {0}: {1} read as {2}")
  @MethodSource("wrongTypes")
  void aColumnOfAnotherType(boolean columnar, String inFile, String promised) throws IOException {
    columnar(columnar);
    byte[] data = parquet("id", inFile);
    Throwable e =
        catchThrowable(
            () -> {
              List<Row> rows =
                  read(metadata(schema("id BIGINT, c " + promised)), add(data.length), data);
              throw new AssertionError("read " + rows);
            });
    assertThat(e).isNotInstanceOf(AssertionError.class);
    assertClear(e, "file f1", "column c");
    assertThat(e).hasStackTraceContaining("where the table's schema says");
  }

  /** An INT32 may be a BYTE that grew; that it is not shows only when the value is read. */
  @ParameterizedTest(name = "columnar {0}")
  @ValueSource(booleans = {true, false})
  void anIntegerThatDoesNotFitItsDecimal(boolean columnar) throws IOException {
    columnar(columnar);
    byte[] data = parquet("id", "CAST(id AS INT) + 1000000 AS c");
    Throwable e =
        catchThrowable(
            () -> read(metadata(schema("id BIGINT, c DECIMAL(5,0)")), add(data.length), data));
    assertThat(e).hasStackTraceContaining("exceeds max precision 5");
  }

  @ParameterizedTest(name = "columnar {0}")
  @ValueSource(booleans = {true, false})
  void aColumnThatIsNewerThanTheFileIsNull(boolean columnar) throws IOException {
    columnar(columnar);
    byte[] data = parquet("id", "named_struct('a', id) AS s");
    List<Row> rows =
        read(
            metadata(
                schema("id BIGINT, s STRUCT<a: BIGINT, b: STRING>, added STRING, l ARRAY<INT>")),
            add(data.length),
            data);
    assertThat(rows).hasSize(10);
    assertThat(rows)
        .allSatisfy(
            row -> {
              assertThat(row.getStruct(1).get(0)).isEqualTo(row.get(0));
              assertThat(row.getStruct(1).isNullAt(1)).isTrue();
              assertThat(row.isNullAt(2)).isTrue();
              assertThat(row.isNullAt(3)).isTrue();
            });
  }

  /** A schema that promises values must not be answered with nulls. */
  @ParameterizedTest(name = "columnar {0}, {1}")
  @CsvSource({"true, STRING", "false, STRING", "true, BIGINT", "false, BIGINT"})
  void aRequiredColumnThatTheFileLacks(boolean columnar, String type) throws IOException {
    columnar(columnar);
    byte[] data = parquet("id");
    String schema = schema("id BIGINT NOT NULL, c " + type + " NOT NULL");
    Throwable e =
        catchThrowable(
            () -> {
              List<Row> rows = read(metadata(schema), add(data.length), data);
              throw new AssertionError("read " + rows);
            });
    assertThat(e).isNotInstanceOf(AssertionError.class);
    assertClear(e, "share.schema.t", "file f1", "column c");
  }

  static Stream<Arguments> nulls() {
    return Stream.of(true, false)
        .flatMap(
            columnar ->
                Stream.of(
                    Arguments.of(columnar, "IF(id = 3, NULL, id)", "BIGINT NOT NULL", "c"),
                    Arguments.of(columnar, "IF(id = 3, NULL, string(id))", "STRING NOT NULL", "c"),
                    Arguments.of(
                        columnar,
                        "IF(id = 3, NULL, named_struct('a', 1))",
                        "STRUCT<a: INT> NOT NULL",
                        "c"),
                    Arguments.of(
                        columnar,
                        "named_struct('a', IF(id = 3, NULL, id))",
                        "STRUCT<a: BIGINT NOT NULL>",
                        "c.a"),
                    Arguments.of(
                        columnar,
                        "array(named_struct('a', IF(id = 3, NULL, id)))",
                        "ARRAY<STRUCT<a: BIGINT NOT NULL>>",
                        "c.a"),
                    Arguments.of(columnar, "array(1, IF(id = 3, NULL, id))", "ARRAY<BIGINT>", "c"),
                    Arguments.of(
                        columnar, "map('k', IF(id = 3, NULL, id))", "MAP<STRING, BIGINT>", "c")));
  }

  /** Whatever says that there are none is believed by Spark. */
  private static String strict(String schema) {
    return schema(schema).replace("ontainsNull\":true", "ontainsNull\":false");
  }

  @ParameterizedTest(name = "columnar {0}: {1} read as {2}")
  @MethodSource("nulls")
  void aNullThatTheSchemaRulesOut(boolean columnar, String inFile, String type, String column)
      throws IOException {
    columnar(columnar);
    byte[] data = parquet("id", inFile + " AS c");
    String metadata = metadata(strict("id BIGINT, c " + type));
    Throwable e = catchThrowable(() -> read(metadata, add(data.length), data));
    assertClear(e, "file f1", "column " + column, "never null");
  }

  /** Spark leaves the column out of such queries: by the schema it cannot be null. */
  @ParameterizedTest(name = "columnar {0}, {1}")
  @CsvSource({
    "true, count(c)",
    "false, count(c)",
    "true, sum(IF(c IS NOT NULL; id; 0))",
    "false, sum(IF(c IS NOT NULL; id; 0))"
  })
  void aNullThatTheSchemaRulesOutInAColumnThatIsNotRead(boolean columnar, String query)
      throws IOException {
    columnar(columnar);
    byte[] data = parquet("id", "IF(id = 3, NULL, id) AS c");
    String metadata = metadata(schema("id BIGINT, c BIGINT NOT NULL"));
    ObjectNode counted = add(data.length);
    counted.put("stats", "{\"numRecords\":10,\"nullCount\":{\"id\":0,\"c\":1}}");
    for (ObjectNode add : List.of(add(data.length), counted)) {
      Throwable e =
          catchThrowable(
              () -> table(metadata, add, data).selectExpr(query.replace(';', ',')).collectAsList());
      assertClear(e, "file f1", "column c", "never null");
    }
  }

  @ParameterizedTest(name = "columnar {0}")
  @ValueSource(booleans = {true, false})
  void nullsOfDeletedRowsAndOfAbsentStructsAreNone(boolean columnar) throws IOException {
    columnar(columnar);
    byte[] data =
        parquet(
            "IF(id IN (1, 4, 9), NULL, id) AS c",
            "IF(id = 5, NULL, named_struct('a', IF(id = 4, NULL, id))) AS s");
    ObjectNode deleted = add(data.length);
    vector(deleted, "i", DeletionVectorBytes.z85(THREE_DELETED), THREE_DELETED.length, 3);
    String metadata = metadata(schema("c BIGINT NOT NULL, s STRUCT<a: BIGINT NOT NULL>"));
    assertThat(read(metadata, deleted, data).stream().mapToLong(row -> row.getLong(0)).sum())
        .isEqualTo(2 + 3 + 5 + 6 + 7 + 8);
    assertThat(table(metadata, deleted, data).select("s.a").collectAsList()).hasSize(7);
    byte[] whole = parquet("id AS c", "IF(id = 5, NULL, named_struct('a', id)) AS s");
    assertThat(read(metadata, add(whole.length), whole)).hasSize(10);
  }

  /** The protocol's partition values have every partition column, by its name. */
  @ParameterizedTest
  @CsvSource({
    "STRING, '', no partition value",
    "STRING, 'other=1', no partition value",
    "STRING, 'day=1;DAY=2', more than one",
    "STRING NOT NULL, 'Day=', never null",
  })
  void aPartitionValueThatIsMissing(String type, String values, String expected)
      throws IOException {
    byte[] data = parquet("id");
    ObjectNode add = partitioned(add(data.length), values);
    String metadata = metadata(schema("id BIGINT, Day " + type), "Day");
    for (String column : List.of("Day", "count(Day)", "max(Day)", "IF(Day IS NULL, id, 0)")) {
      Throwable e =
          catchThrowable(() -> table(metadata, add, data).selectExpr(column).collectAsList());
      assertClear(e, "file f1", "column Day", expected);
    }
    // Spark itself answers IS NULL of a column that is never null.
    String isNull = type.endsWith("NOT NULL") ? "Day > '2'" : "Day IS NULL";
    for (String condition : List.of("Day = '1'", isNull, "Day = '1' OR id = 2")) {
      assertClear(
          catchThrowable(() -> table(metadata, add, data).where(condition).collectAsList()),
          "file f1",
          "column Day");
    }
    assertClear(
        catchThrowable(() -> table(metadata, add, data).groupBy("Day").count().collectAsList()),
        "file f1",
        "column Day");
  }

  @Test
  void aPartitionValueWhoseNameDiffersInCase() throws IOException {
    byte[] data = parquet("id");
    ObjectNode add = partitioned(add(data.length), "dAY=1");
    add.put("stats", "{\"numRecords\":10}");
    String metadata = metadata(schema("id BIGINT, Day INT"), "Day");
    assertThat(table(metadata, add, data).where("Day = 1").count()).isEqualTo(10);
    assertThat(table(metadata, add, data).where("Day = 2").count()).isZero();
    assertThat(table(metadata, add, data).where("Day IS NULL").count()).isZero();
    assertThat(table(metadata, add, data).where("Day IS NULL OR id < 0").count()).isZero();
    assertThat(table(metadata, add, data).selectExpr("count(Day)", "max(Day)").first())
        .hasToString("[10,1]");
    assertThat(table(metadata, add, data).select("Day").distinct().collectAsList())
        .hasToString("[[1]]");
  }

  private static ObjectNode partitioned(ObjectNode add, String values) {
    ObjectNode texts = (ObjectNode) add.get("partitionValues");
    for (String value : values.isEmpty() ? new String[0] : values.split(";")) {
      String[] parts = value.split("=", -1);
      texts.put(parts[0], parts[1].isEmpty() ? null : parts[1]);
    }
    return add;
  }

  @ParameterizedTest
  @CsvSource({
    "INT, abc",
    "INT, 3000000000",
    "BIGINT, 1.5",
    "TINYINT, 200",
    "DOUBLE, one",
    "BOOLEAN, 1",
    "DATE, yesterday",
    "TIMESTAMP, 2024-13-01 00:00:00",
    "'DECIMAL(4,2)', 123.45",
    "'DECIMAL(4,2)', 1.234",
    "'DECIMAL(4,2)', 1e999999999",
  })
  void aPartitionValueThatIsNotOfItsType(String type, String value) throws IOException {
    byte[] data = parquet("id");
    ObjectNode add = add(data.length);
    ((ObjectNode) add.get("partitionValues")).put("p", value);
    Throwable e =
        catchThrowable(() -> read(metadata(schema("id BIGINT, p " + type), "p"), add, data));
    assertClear(e, "file f1", "column p", value);
  }

  @Test
  void aFileThatIsShorterThanPromised() throws IOException {
    byte[] data = parquet("id", "repeat('x', 100) AS c");
    byte[] cut = Arrays.copyOf(data, data.length - 50);
    String metadata = metadata(schema("id BIGINT, c STRING"));
    assertClear(catchThrowable(() -> read(metadata, add(data.length), cut)), "file f1", "promised");
    assertClear(catchThrowable(() -> read(metadata, add(cut.length), cut)), "file f1", "Parquet");
    assertClear(catchThrowable(() -> read(metadata, add(data.length), new byte[0])), "file f1");
  }

  @ParameterizedTest(name = "columnar {0}")
  @ValueSource(booleans = {true, false})
  void aFileThatWasReplaced(boolean columnar) throws IOException {
    columnar(columnar);
    byte[] data = parquet("id", "repeat('x', 100) AS c");
    byte[] junk = new byte[data.length];
    new Random(7).nextBytes(junk);
    String metadata = metadata(schema("id BIGINT, c STRING"));
    assertClear(catchThrowable(() -> read(metadata, add(junk.length), junk)), "file f1", "Parquet");
    // A footer that is whole over pages that are not.
    byte[] pages = data.clone();
    System.arraycopy(junk, 4, pages, 4, 60);
    assertClear(
        catchThrowable(() -> read(metadata, add(pages.length), pages)), "file f1", "Parquet");
  }

  // Metadata.

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "not JSON", "\"long\"", "[]", "{\"type\":\"struct\"}", "null", "17"})
  void aSchemaThatIsNone(String schema) throws IOException {
    byte[] data = new byte[0];
    assertClear(
        catchThrowable(() -> read(metadata(schema), add(0), data)), "schema", "Tell the provider");
  }
}
