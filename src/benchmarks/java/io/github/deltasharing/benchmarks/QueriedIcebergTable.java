/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** An Iceberg table of files that are not there, in manifests of ten thousand. */
final class QueriedIcebergTable implements QueriedTable {
  private static final int PER_MANIFEST = 10_000;
  private static final long DAY_MICROS = 86_400_000_000L;

  private static final Schema SCHEMA =
      new Schema(
          Types.NestedField.optional(1, "id", Types.LongType.get()),
          Types.NestedField.optional(2, "customer", Types.LongType.get()),
          Types.NestedField.optional(3, "amount", Types.DoubleType.get()),
          Types.NestedField.optional(4, "day", Types.DateType.get()),
          Types.NestedField.optional(5, "at", Types.TimestampType.withZone()),
          Types.NestedField.optional(6, "note", Types.StringType.get()));

  private final Path directory;
  private final Table table;
  private final int files;
  private final long first;
  private int commits;

  private QueriedIcebergTable(Path directory, Table table, int files) {
    this.directory = directory;
    this.table = table;
    this.files = files;
    this.first = table.currentSnapshot().snapshotId();
  }

  /** One with so many files, which is written if it is not there. */
  static QueriedIcebergTable of(Path parent, int files) throws IOException {
    Path directory = parent.resolve("iceberg-queries-" + files);
    HadoopTables tables = new HadoopTables(new Configuration());
    Path done = directory.resolve("_done");
    if (Files.exists(done)) {
      return new QueriedIcebergTable(directory, tables.load(directory.toString()), files);
    }
    Table table =
        tables.create(
            SCHEMA,
            PartitionSpec.unpartitioned(),
            Map.of("format-version", "2"),
            directory.toString());
    for (int from = 0; from < files; from += PER_MANIFEST) {
      AppendFiles append = table.newFastAppend();
      for (int i = from; i < Math.min(files, from + PER_MANIFEST); i++) {
        append.appendFile(file(directory, i));
      }
      append.commit();
    }
    Files.writeString(done, "");
    return new QueriedIcebergTable(directory, table, files);
  }

  @Override
  public URI location() {
    return URI.create("file:" + directory + "/metadata/version-hint.text");
  }

  @Override
  public void commit() {
    commits++;
    table.newFastAppend().appendFile(file(directory, files + commits)).commit();
  }

  @Override
  public void close() {
    table.manageSnapshots().setCurrentSnapshot(first).commit();
    commits = 0;
  }

  private static DataFile file(Path directory, int file) {
    long random = 0x9E3779B97F4A7C15L * (file + 3) >>> 20;
    // The same in each run.
    UUID id = new UUID(0x9E3779B97F4A7C15L * (file + 1), 0xBF58476D1CE4E5B9L * (file + 7));
    Map<Integer, ByteBuffer> least = new HashMap<>();
    Map<Integer, ByteBuffer> most = new HashMap<>();
    bounds(least, most, 1, 10L * file - 30, 10L * file + 25);
    bounds(least, most, 2, random % 1_000_000, 1_000_000 + random % 1_000_000);
    bounds(least, most, 3, random % 10_000 / 100.0, 1_000 + random % 100_000 / 100.0);
    bounds(least, most, 4, 18_628 + file / 1_000, 18_628 + file / 1_000);
    long at = 1_704_067_200_000_000L + random % 300 * DAY_MICROS + random % 1_000_000_007;
    bounds(least, most, 5, at, at + 15 * DAY_MICROS);
    bounds(least, most, 6, "a" + random, "z" + random);
    return DataFiles.builder(PartitionSpec.unpartitioned())
        .withPath(
            String.format(Locale.ROOT, "%s/data/%05d-%s-00001.parquet", directory, file % 200, id))
        .withFileSizeInBytes(10_000_000 + random % 90_000_000)
        .withMetrics(
            new Metrics(
                10_000 + random % 5_000,
                counts(80_000),
                counts(10_000 + random % 5_000),
                counts(random % 7),
                Map.of(3, 0L),
                least,
                most))
        .build();
  }

  private static Map<Integer, Long> counts(long count) {
    Map<Integer, Long> counts = new HashMap<>();
    SCHEMA.columns().forEach(column -> counts.put(column.fieldId(), count));
    return counts;
  }

  private static void bounds(
      Map<Integer, ByteBuffer> least,
      Map<Integer, ByteBuffer> most,
      int id,
      Object from,
      Object to) {
    Type type = SCHEMA.findType(id);
    least.put(id, Conversions.toByteBuffer(type, from));
    most.put(id, Conversions.toByteBuffer(type, to));
  }
}
