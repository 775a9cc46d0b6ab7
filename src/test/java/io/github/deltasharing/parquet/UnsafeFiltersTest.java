/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.testing.TestSpark;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.datasources.DataSourceUtils;
import org.apache.spark.sql.sources.EqualTo;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.sources.GreaterThan;
import org.apache.spark.sql.sources.IsNull;
import org.apache.spark.sql.sources.LessThan;
import org.apache.spark.sql.sources.Not;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns whose statistics would lose a row, and so are not asked. */
class UnsafeFiltersTest {
  @TempDir Path directory;

  private static StructType schema(String ddl) {
    return StructType.fromDDL(ddl);
  }

  private long rows(Path path, StructType schema, Filter... filters) throws Exception {
    try (ServedParquet file = new ServedParquet(path)) {
      long columnar = file.read(schema, List.of(filters), true, 1).count();
      assertThat(file.read(schema, List.of(filters), false, 1).count()).isEqualTo(columnar);
      return columnar;
    }
  }

  private Path write(Dataset<Row> data) throws Exception {
    return ServedParquet.write(data, directory.resolve("data"), Map.of());
  }

  private static Dataset<Row> hundred(String... columns) {
    return TestSpark.session().range(100).selectExpr(columns);
  }

  /** A field with the id that column mapping gives it. */
  private static StructField field(String name, DataType type, long id) {
    Metadata metadata = new MetadataBuilder().putLong("parquet.field.id", id).build();
    return new StructField(name, type, true, metadata);
  }

  @Test
  void aFilterOnWhatTheFileHasSkipsIt() throws Exception {
    Path path = write(hundred("id", "id AS other"));
    assertThat(rows(path, schema("id BIGINT"), new EqualTo("id", 1_000L))).isZero();
    assertThat(rows(path, schema("ID BIGINT"), new EqualTo("ID", 1_000L))).isZero();
  }

  @Test
  void aColumnThatIsNotReadIsNotAsked() throws Exception {
    // Parquet's column indexes would take it for null in all rows.
    Path path = write(hundred("id", "id AS other"));
    assertThat(rows(path, schema("id BIGINT"), new EqualTo("other", 5L))).isEqualTo(100);
    Path nested = directory.resolve("nested");
    Path struct =
        ServedParquet.write(hundred("named_struct('x', id, 'y', id) AS s"), nested, Map.of());
    assertThat(rows(struct, schema("s STRUCT<x: BIGINT>"), new EqualTo("s.y", 5L))).isEqualTo(100);
    assertThat(rows(struct, schema("s STRUCT<x: BIGINT>"), new EqualTo("s.x", 500L))).isZero();
  }

  @Test
  void aColumnThatTheFileLacksIsNotAsked() throws Exception {
    Path path = write(hundred("id"));
    StructType more = schema("id BIGINT, late STRING");
    assertThat(rows(path, more, new IsNull("late"))).isEqualTo(100);
    assertThat(rows(path, more, new EqualTo("late", "x"))).isEqualTo(100);
    assertThat(rows(path, more, new EqualTo("late", "x"), new EqualTo("id", 500L))).isZero();
  }

  @Test
  void aNarrowerColumnIsNotAsked() throws Exception {
    // A literal of 2^32 + 5 cut to an INT would be 5, which only some rows have (SPARK-46092).
    Path path = write(hundred("int(id) AS i", "id", "CAST(id AS DECIMAL(5,2)) AS d"));
    StructType wide = schema("i BIGINT, id BIGINT, d DECIMAL(12,4)");
    assertThat(rows(path, wide, new LessThan("i", (1L << 32) - 5))).isEqualTo(100);
    assertThat(rows(path, wide, new GreaterThan("i", 1_000L))).isEqualTo(100);
    assertThat(rows(path, wide, new EqualTo("d", new BigDecimal("500.0000")))).isEqualTo(100);
    assertThat(rows(path, wide, new GreaterThan("i", 1_000L), new EqualTo("id", 500L))).isZero();
  }

  @Test
  void aColumnOfAnotherNameOrIdIsNotAsked() throws Exception {
    StructType ids =
        new StructType(
            new StructField[] {
              field("a", DataTypes.LongType, 1),
              field("b", DataTypes.LongType, 2),
              field("c", DataTypes.LongType, 3)
            });
    Path path =
        write(
            TestSpark.session().createDataFrame(hundred("id", "id + 1000", "id").toJavaRDD(), ids));
    StructType swapped =
        new StructType(
            new StructField[] {
              field("b", DataTypes.LongType, 1),
              field("a", DataTypes.LongType, 2),
              field("c", DataTypes.LongType, 3)
            });
    assertThat(rows(path, swapped, new LessThan("b", 200L))).isEqualTo(100);
    assertThat(rows(path, swapped, new GreaterThan("a", 200L))).isEqualTo(100);
    assertThat(rows(path, swapped, new GreaterThan("c", 200L))).isZero();
  }

  /** What foreign writers may do: NaN left out of the statistics. */
  @Test
  void floatsOfWritersThatLeaveNanOutAreNotAsked() {
    MessageType type =
        MessageTypeParser.parseMessageType("message m { optional double d; optional int64 n; }");
    StructType wanted = schema("d DOUBLE, n BIGINT");
    FilterableColumns columns = new FilterableColumns(wanted, new ColumnMatcher(false));
    assertThat(columns.of(wanted, footer(type, true)).getFields()).hasSize(2);
    assertThat(columns.of(wanted, footer(type, false)).containsField("d")).isFalse();
  }

  private static Footer footer(MessageType type, boolean nanInStatistics) {
    return new Footer(
        type,
        0,
        DataSourceUtils.datetimeRebaseSpec(key -> null, "CORRECTED"),
        null,
        null,
        nanInStatistics);
  }

  @Test
  void columnsOfOneNameButForCaseAreNotAsked() {
    MessageType type =
        MessageTypeParser.parseMessageType("message m { optional int64 a; optional int64 A; }");
    StructType wanted = schema("a BIGINT");
    assertThat(
            new FilterableColumns(wanted, new ColumnMatcher(false))
                .of(wanted, footer(type, true))
                .getFields())
        .isEmpty();
    assertThat(
            new FilterableColumns(wanted, new ColumnMatcher(true))
                .of(wanted, footer(type, true))
                .containsField("a"))
        .isTrue();
  }

  /** 29 February 1000 is a day of the hybrid calendar only: Spark reads it as 1 March. */
  @Test
  void datesInTheHybridCalendarAreNotAsked() throws Exception {
    GregorianCalendar hybrid = new GregorianCalendar(TimeZone.getTimeZone("UTC"), Locale.ROOT);
    hybrid.clear();
    hybrid.set(1000, Calendar.FEBRUARY, 29);
    int leapDay = (int) TimeUnit.MILLISECONDS.toDays(hybrid.getTimeInMillis());
    assertLegacyDay(leapDay, "dt = DATE'1000-03-01'", new EqualTo("dt", LocalDate.of(1000, 3, 1)));
  }

  /** Ten days before 15 October 1582 are Spark's only; as literals they become that day. */
  @Test
  void datesBeforeTheHybridCalendarsChangeAreNotAsked() throws Exception {
    int changeDay = (int) LocalDate.of(1582, 10, 15).toEpochDay();
    LocalDate before = LocalDate.of(1582, 10, 10);
    assertLegacyDay(changeDay, "dt > DATE'1582-10-10'", new GreaterThan("dt", before));
  }

  /** A row that Spark 2 wrote, for which the condition holds. */
  private void assertLegacyDay(int day, String condition, Filter filter) throws Exception {
    Path path =
        groups(
            "message m { optional int32 dt (DATE); optional int64 id; }",
            Map.of("org.apache.spark.version", "2.4.8"),
            1,
            (row, i) -> row.append("dt", day).append("id", i));
    StructType schema = schema("dt DATE, id BIGINT");
    try (ServedParquet file = new ServedParquet(path)) {
      for (boolean columnar : new boolean[] {true, false}) {
        Dataset<Row> read = file.read(schema, List.of(filter), columnar, 1);
        assertThat(read.filter(condition).count()).isEqualTo(1);
      }
    }
    assertThat(rows(path, schema, filter, new EqualTo("id", 7L))).isZero();
  }

  @Test
  void int96TimestampsAreNotAsked() throws Exception {
    Path path = write(hundred("timestamp_seconds(id) AS ts", "id"));
    StructType schema = schema("ts TIMESTAMP, id BIGINT");
    assertThat(rows(path, schema, new EqualTo("ts", new Timestamp(-1)))).isEqualTo(100);
    assertThat(rows(path, schema, new EqualTo("ts", new Timestamp(-1)), new EqualTo("id", 500L)))
        .isZero();
  }

  /** A filter's half millisecond would be cut off. */
  @Test
  void timestampsInMillisecondsAreNotAsked() throws Exception {
    Path path =
        groups(
            "message m { optional int64 ts (TIMESTAMP(MILLIS,true)); optional int64 id; }",
            Map.of(),
            3,
            (row, i) -> row.append("ts", 1L).append("id", i));
    Timestamp half = new Timestamp(1);
    half.setNanos(1_500_000);
    StructType schema = schema("ts TIMESTAMP, id BIGINT");
    assertThat(rows(path, schema, new LessThan("ts", half))).isEqualTo(3);
    assertThat(rows(path, schema, new Not(new EqualTo("ts", half)))).isEqualTo(3);
    assertThat(rows(path, schema, new LessThan("ts", half), new EqualTo("id", 7L))).isZero();
  }

  private interface Filler {
    void fill(Group row, long i);
  }

  private Path groups(String type, Map<String, String> metadata, long rows, Filler filler)
      throws Exception {
    MessageType schema = MessageTypeParser.parseMessageType(type);
    Path path = directory.resolve("groups.parquet");
    try (var writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(path.toUri()))
            .withType(schema)
            .withConf(new Configuration())
            .withExtraMetaData(metadata)
            .withWriterVersion(ParquetProperties.WriterVersion.PARQUET_1_0)
            .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
            .build()) {
      SimpleGroupFactory factory = new SimpleGroupFactory(schema);
      for (long i : LongStream.range(0, rows).toArray()) {
        Group row = factory.newGroup();
        filler.fill(row, i);
        writer.write(row);
      }
    }
    return path;
  }
}
