/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.parquet;

import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.publish.csv.ColumnType;
import io.github.deltasharing.server.publish.csv.CsvColumn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.SeekableInputStream;
import org.apache.parquet.schema.MessageType;

/**
 * A Parquet file as its footer describes it, whose pages are where that says. Immutable.
 *
 * @param path the file
 * @param name as messages name it
 * @param footer what it says of itself
 * @param columns its columns
 * @param nodes how their values are put together
 * @param rows how many rows it has
 */
public record ParquetTable(
    Path path,
    String name,
    ParquetMetadata footer,
    List<CsvColumn> columns,
    List<ParquetNode> nodes,
    long rows) {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ENCRYPTED = "PARE".getBytes(StandardCharsets.US_ASCII);
  private static final int TRAILER = 8;
  private static final int LONGEST_FOOTER = 16 << 20;

  /** Whether a file begins and ends as Parquet files do. */
  public static boolean is(Path path) throws IOException {
    try (SeekableInputStream file = new LocalParquetFile(path).newStream()) {
      byte[] trailer = trailer(path, file);
      byte[] end = Arrays.copyOfRange(trailer, TRAILER / 2, TRAILER);
      file.seek(0);
      byte[] start = file.readNBytes(MAGIC.length);
      return Arrays.equals(start, MAGIC) && Arrays.equals(end, MAGIC)
          || Arrays.equals(start, ENCRYPTED) && Arrays.equals(end, ENCRYPTED);
    }
  }

  private static byte[] trailer(Path path, SeekableInputStream file) throws IOException {
    long length = new LocalParquetFile(path).getLength();
    if (length < TRAILER + MAGIC.length) {
      return new byte[TRAILER];
    }
    file.seek(length - TRAILER);
    return file.readNBytes(TRAILER);
  }

  /**
   * Reads a file's footer and looks at its pages.
   *
   * @throws ServerError 400 when it is damaged, or has what no table of publications has
   */
  public static ParquetTable open(Path path, String name, Runnable alive) throws IOException {
    checkFooter(path, name);
    ParquetMetadata footer = footer(path, name);
    MessageType schema = footer.getFileMetaData().getSchema();
    List<ParquetNode> nodes = ParquetTypes.of(schema, name);
    List<CsvColumn> columns = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      columns.add(new CsvColumn(schema.getFieldName(i), nodes.get(i).type()));
    }
    long rows = 0;
    for (BlockMetaData group : footer.getBlocks()) {
      rows += group.getRowCount();
    }
    new ParquetPages(path, name).check(footer, alive);
    return new ParquetTable(path, name, footer, List.copyOf(columns), nodes, rows);
  }

  private static void checkFooter(Path path, String name) throws IOException {
    try (SeekableInputStream file = new LocalParquetFile(path).newStream()) {
      byte[] trailer = trailer(path, file);
      if (Arrays.equals(trailer, TRAILER / 2, TRAILER, ENCRYPTED, 0, ENCRYPTED.length)) {
        throw encrypted(name);
      }
      long length =
          (trailer[0] & 0xffL)
              | (trailer[1] & 0xffL) << 8
              | (trailer[2] & 0xffL) << 16
              | (trailer[3] & 0xffL) << 24;
      if (length > LONGEST_FOOTER
          || length + TRAILER + MAGIC.length > new LocalParquetFile(path).getLength()) {
        throw damaged(name, "its footer has " + length + " bytes", null);
      }
    }
  }

  private static ParquetMetadata footer(Path path, String name) throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(new LocalParquetFile(path), ParquetReadOptions.builder().build())) {
      return reader.getFooter();
    } catch (RuntimeException | IOException | OutOfMemoryError | StackOverflowError e) {
      // The footer was read before: it is not the disk. A list's length may be any number, and
      // groups may be in groups without end.
      throw damaged(name, "its footer cannot be read", e);
    }
  }

  /** The rows, as values of these types. */
  public ParquetRows rows(List<ColumnType> types) throws IOException {
    return new ParquetRows(this, types);
  }

  static ServerError encrypted(String name) {
    return ServerError.invalid("'" + name + "' is encrypted. Write it without encryption");
  }

  static ServerError damaged(String name, String why, Throwable cause) {
    return new ServerError(
        400,
        ServerError.INVALID_PARAMETER_VALUE,
        "'" + name + "' is a damaged Parquet file: " + why + ". Write it again",
        cause);
  }
}
