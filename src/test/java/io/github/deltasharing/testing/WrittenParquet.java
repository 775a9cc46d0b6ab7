/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
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
}
