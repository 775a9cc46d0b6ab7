/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.zip.CRC32;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileMetadata;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;
import org.roaringbitmap.RoaringBitmap;

/**
 * An Iceberg table in a directory, its metadata written by Iceberg's library, its data files
 * invented.
 */
public final class WrittenIceberg {
  public static final Schema SCHEMA =
      new Schema(
          Types.NestedField.required(1, "id", Types.LongType.get()),
          Types.NestedField.optional(2, "name", Types.StringType.get()));

  private static final String COLUMNS =
      "message m { required int64 id = 1; optional binary name (STRING) = 2; }";

  private final String location;
  private final Table table;

  private WrittenIceberg(String location, Table table) {
    this.location = location;
    this.table = table;
  }

  public static WrittenIceberg create(
      Path directory, Schema schema, PartitionSpec spec, Map<String, String> properties) {
    Configuration hadoop = new Configuration();
    hadoop.set("fs.file.impl", UnforkedFileSystem.class.getName());
    return create(directory.toString(), hadoop, schema, spec, properties);
  }

  /** One in whatever store Hadoop has a file system for. */
  public static WrittenIceberg create(
      String location,
      Configuration hadoop,
      Schema schema,
      PartitionSpec spec,
      Map<String, String> properties) {
    return new WrittenIceberg(
        location,
        new HadoopTables(hadoop).create(schema, spec, SortOrder.unsorted(), properties, location));
  }

  /** One of a catalog. */
  public static WrittenIceberg of(Table table) {
    return new WrittenIceberg(table.location(), table);
  }

  public static WrittenIceberg create(Path directory, int formatVersion) {
    return create(
        directory,
        SCHEMA,
        PartitionSpec.unpartitioned(),
        Map.of("format-version", String.valueOf(formatVersion)));
  }

  public Table table() {
    return table;
  }

  public Path directory() {
    return Path.of(location);
  }

  /** Appends a file of ten rows whose ids begin with a number. */
  public WrittenIceberg append(String name, long first) {
    table.newAppend().appendFile(file(name, first).build()).commit();
    return this;
  }

  /** A file of ten rows, with metrics of both columns. */
  public DataFiles.Builder file(String name, long first) {
    String path = location + "/data/" + name;
    try (OutputStream out = table.io().newOutputFile(path).createOrOverwrite()) {
      out.write(("bytes of " + name).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file(name, first, ("bytes of " + name).length());
  }

  private DataFiles.Builder file(String name, long first, long size) {
    return DataFiles.builder(table.spec())
        .withPath(location + "/data/" + name)
        .withFormat(FileFormat.PARQUET)
        .withFileSizeInBytes(size)
        .withMetrics(
            new Metrics(
                10L,
                Map.of(1, 80L, 2, 40L),
                Map.of(1, 10L, 2, 10L),
                Map.of(1, 0L, 2, 3L),
                Map.of(),
                Map.of(1, number(first), 2, text("a")),
                Map.of(1, number(first + 9), 2, text("b"))));
  }

  public DataFile built(String name, long first) {
    return file(name, first).build();
  }

  /** A file of ten rows that is one: ids from a number on, each with a name such as "n7". */
  public DataFile readable(String name, long first) {
    return readable(name, first, COLUMNS);
  }

  /** As above, with columns of these names, types and ids. */
  public DataFile readable(String name, long first, String columns) {
    long size = parquet(name, columns, LongStream.range(first, first + 10).toArray());
    return file(name, first, size).build();
  }

  /** A file of deletes of the rows that have these ids, in ascending order. */
  public DeleteFile byId(String name, long... ids) {
    return FileMetadata.deleteFileBuilder(PartitionSpec.unpartitioned())
        .ofEqualityDeletes(1)
        .withPath(location + "/data/" + name)
        .withFormat(FileFormat.PARQUET)
        .withFileSizeInBytes(parquet(name, COLUMNS, ids))
        .withMetrics(
            new Metrics(
                (long) ids.length,
                Map.of(),
                Map.of(1, (long) ids.length),
                Map.of(1, 0L),
                Map.of(),
                Map.of(1, number(ids[0])),
                Map.of(1, number(ids[ids.length - 1]))))
        .build();
  }

  /** Returns the file's length. */
  private long parquet(String name, String columns, long... ids) {
    return WrittenParquet.write(
        directory().resolve("data").resolve(name),
        columns,
        LongStream.of(ids)
            .mapToObj(
                id ->
                    row -> {
                      row.add(0, id);
                      row.add(1, "n" + id);
                    }));
  }

  /**
   * A file with the deletion vector of one row of a data file, as Iceberg's specification has it.
   */
  public DeleteFile vector(String file, int row) {
    RoaringBitmap rows = RoaringBitmap.bitmapOf(row);
    int length = 16 + rows.serializedSizeInBytes();
    int offset = 4 + row;
    ByteBuffer blob = ByteBuffer.allocate(offset + length + 8);
    blob.put("PFA1".getBytes(StandardCharsets.UTF_8)).position(offset);
    blob.putInt(length).order(ByteOrder.LITTLE_ENDIAN);
    blob.putInt(1681511377).putLong(1).putInt(0);
    rows.serialize(blob);
    CRC32 crc = new CRC32();
    crc.update(blob.array(), offset + 4, length);
    blob.order(ByteOrder.BIG_ENDIAN).putInt((int) crc.getValue());
    String path = location + "/data/v" + row + ".puffin";
    try (OutputStream out = table.io().newOutputFile(path).createOrOverwrite()) {
      out.write(blob.array());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return FileMetadata.deleteFileBuilder(table.spec())
        .ofPositionDeletes()
        .withPath(path)
        .withFormat(FileFormat.PUFFIN)
        .withFileSizeInBytes(blob.capacity())
        .withRecordCount(1)
        .withReferencedDataFile(location + "/data/" + file)
        .withContentOffset(offset)
        .withContentSizeInBytes(length + 8L)
        .build();
  }

  public static ByteBuffer number(long value) {
    return Conversions.toByteBuffer(Types.LongType.get(), value);
  }

  public static ByteBuffer text(String value) {
    return Conversions.toByteBuffer(Types.StringType.get(), value);
  }

  /** The file of the newest metadata. */
  public Path metadata() {
    try {
      String hint = Files.readString(directory().resolve("metadata/version-hint.text")).strip();
      return directory().resolve("metadata/v" + hint + ".metadata.json");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
