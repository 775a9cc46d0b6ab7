/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Writes Parquet files without Spark, with any field ids or none. */
public final class WrittenParquet {
  private WrittenParquet() {}

  /**
   * Writes a file, and its directory.
   *
   * @param schema as Parquet has it in texts: {@code message m { required int64 x = 1; }}
   * @param rows each fills one
   * @return the file's length
   */
  public static long write(Path file, String schema, Stream<Consumer<Group>> rows) {
    MessageType type = MessageTypeParser.parseMessageType(schema);
    Configuration hadoop = new Configuration();
    hadoop.set("fs.file.impl", UnforkedFileSystem.class.getName());
    try {
      Files.createDirectories(file.getParent());
      try (ParquetWriter<Group> writer =
          ExampleParquetWriter.builder(
                  HadoopOutputFile.fromPath(new org.apache.hadoop.fs.Path(file.toUri()), hadoop))
              .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
              .withType(type)
              .build()) {
        for (Consumer<Group> row : (Iterable<Consumer<Group>>) rows::iterator) {
          Group group = new SimpleGroup(type);
          row.accept(group);
          writer.write(group);
        }
      }
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Has a file's footer say that its row groups have so many rows. */
  public static void claimRows(Path file, long rows) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      ByteBuffer end = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      int footer = bytes.length - 8 - end.getInt(bytes.length - 8);
      FileMetaData metadata =
          Util.readFileMetaData(new ByteArrayInputStream(bytes, footer, bytes.length - 8 - footer));
      metadata.setNum_rows(rows);
      metadata.getRow_groups().forEach(group -> group.setNum_rows(rows));
      ByteArrayOutputStream written = new ByteArrayOutputStream();
      Util.writeFileMetaData(metadata, written);
      ByteBuffer tail = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      tail.putInt(written.size()).put("PAR1".getBytes(StandardCharsets.US_ASCII));
      ByteArrayOutputStream whole = new ByteArrayOutputStream();
      whole.write(bytes, 0, footer);
      written.writeTo(whole);
      whole.writeBytes(tail.array());
      Files.write(file, whole.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
