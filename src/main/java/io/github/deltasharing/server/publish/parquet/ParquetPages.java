/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.parquet;

import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.source.parquet.SnappyLength;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Set;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.SeekableInputStream;
import org.apache.parquet.schema.MessageType;

/**
 * Looks at the headers of all pages before any of them is decompressed: that they are where the
 * footer says, and that what is in memory at once stays within an eighth of the heap. Used by one
 * thread.
 */
final class ParquetPages {
  private static final Set<CompressionCodecName> CODECS =
      Set.of(
          CompressionCodecName.UNCOMPRESSED,
          CompressionCodecName.SNAPPY,
          CompressionCodecName.GZIP,
          CompressionCodecName.ZSTD);
  private static final long HEAP_SHARE = 8;
  private static final long MOST = 256L << 20;

  private final Path path;
  private final String name;
  private final long budget = Math.min(MOST, Runtime.getRuntime().maxMemory() / HEAP_SHARE);
  private final long length;

  ParquetPages(Path path, String name) throws IOException {
    this.path = path;
    this.name = name;
    this.length = new LocalParquetFile(path).getLength();
  }

  void check(ParquetMetadata footer, Runnable alive) throws IOException {
    int number = 0;
    try (SeekableInputStream file = new LocalParquetFile(path).newStream()) {
      MessageType schema = footer.getFileMetaData().getSchema();
      for (BlockMetaData group : footer.getBlocks()) {
        alive.run();
        check(file, schema, group, number++);
      }
    }
  }

  private void check(SeekableInputStream file, MessageType schema, BlockMetaData group, int number)
      throws IOException {
    String place = "row group " + number;
    long compressed = 0;
    long pages = 0;
    for (ColumnChunkMetaData chunk : group.getColumns()) {
      if (chunk.isEncrypted()) {
        throw ParquetTable.encrypted(name);
      }
      if (!CODECS.contains(chunk.getCodec())) {
        throw ServerError.invalid(
            "'%s' is compressed by %s. Write it with snappy, gzip, zstd or uncompressed"
                .formatted(name, chunk.getCodec()));
      }
      if (chunk.getTotalSize() < 0
          || chunk.getStartingPos() < 0
          || chunk.getStartingPos() + chunk.getTotalSize() > length
          || !isValueCount(schema, chunk, group.getRowCount())) {
        throw damaged(place, chunk, null);
      }
      compressed += chunk.getTotalSize();
      checkSize(place, compressed);
      pages += longest(file, chunk, place);
      checkSize(place, compressed + pages);
    }
  }

  /** Whether a column can have as many values as its part of a row group says. */
  private static boolean isValueCount(MessageType schema, ColumnChunkMetaData chunk, long rows) {
    String[] path = chunk.getPath().toArray();
    return schema.containsPath(path)
        && (schema.getMaxRepetitionLevel(path) == 0
            ? chunk.getValueCount() == rows
            : chunk.getValueCount() >= rows);
  }

  private void checkSize(String place, long bytes) {
    if (bytes > budget) {
      throw ServerError.invalid(
          "'%s' takes too much memory: %s has more than %,d MiB at once. Write it with smaller row groups and pages"
              .formatted(name, place, budget >> 20));
    }
  }

  /** The memory that the dictionary and the longest of the other pages take. */
  private long longest(SeekableInputStream file, ColumnChunkMetaData chunk, String place)
      throws IOException {
    long end = chunk.getStartingPos() + chunk.getTotalSize();
    long position = chunk.getStartingPos();
    long dictionary = 0;
    long longest = 0;
    long values = 0;
    while (values < chunk.getValueCount()) {
      file.seek(position);
      Counted counted = new Counted(new BufferedInputStream(file, 512));
      PageHeader page = header(counted, place, chunk);
      checkSize(place, page.getUncompressed_page_size());
      position += counted.count + page.getCompressed_page_size();
      if (page.getCompressed_page_size() < 0
          || page.getUncompressed_page_size() < 0
          || position > end) {
        throw damaged(place, chunk, null);
      }
      if (!isWhole(file, chunk, page, position - page.getCompressed_page_size())) {
        throw damaged(place, chunk, null);
      }
      if (page.isSetDictionary_page_header()) {
        dictionary = page.getUncompressed_page_size();
      } else {
        longest = Math.max(longest, page.getUncompressed_page_size());
        int count =
            page.isSetData_page_header_v2()
                ? page.getData_page_header_v2().getNum_values()
                : page.isSetData_page_header() ? page.getData_page_header().getNum_values() : 0;
        if (count < 0) {
          throw damaged(place, chunk, null);
        }
        values += count;
      }
      checkSize(place, dictionary + longest);
    }
    return dictionary + longest;
  }

  /**
   * Whether a page has as many bytes as it says. One of Snappy says so itself, too: its reader
   * takes memory by that, and waits for ever where it is less.
   *
   * @param start where what comes behind the header begins
   */
  private static boolean isWhole(
      SeekableInputStream file, ColumnChunkMetaData chunk, PageHeader page, long start)
      throws IOException {
    long levels = 0;
    boolean compressed = true;
    if (page.isSetData_page_header_v2()) {
      DataPageHeaderV2 header = page.getData_page_header_v2();
      if (header.getRepetition_levels_byte_length() < 0
          || header.getDefinition_levels_byte_length() < 0) {
        return false;
      }
      levels =
          (long) header.getRepetition_levels_byte_length()
              + header.getDefinition_levels_byte_length();
      compressed = !header.isSetIs_compressed() || header.isIs_compressed();
    }
    long stored = page.getCompressed_page_size() - levels;
    long whole = page.getUncompressed_page_size() - levels;
    if (stored < 0 || whole < 0) {
      return false;
    }
    if (!compressed || chunk.getCodec() != CompressionCodecName.SNAPPY || stored == 0) {
      return stored > 0 || whole == 0;
    }
    file.seek(start + levels);
    return SnappyLength.of(file.readNBytes((int) Math.min(stored, 5))) == whole;
  }

  private PageHeader header(InputStream from, String place, ColumnChunkMetaData chunk) {
    try {
      return Util.readPageHeader(from);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      throw damaged(place, chunk, e);
    }
  }

  private ServerError damaged(String place, ColumnChunkMetaData chunk, Throwable cause) {
    return ParquetTable.damaged(
        name, "column '" + chunk.getPath().toDotString() + "' of " + place, cause);
  }

  /** Knows how many bytes of it were read. */
  private static final class Counted extends InputStream {
    private final InputStream from;
    private long count;

    Counted(InputStream from) {
      this.from = from;
    }

    @Override
    public int read() throws IOException {
      int one = from.read();
      count += one < 0 ? 0 : 1;
      return one;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = from.read(bytes, offset, length);
      count += Math.max(0, read);
      return read;
    }
  }
}
