/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;

/** Writes a file of one row group with the INT column {@code v}, and whatever is to be wrong. */
final class CraftedParquet {
  static final int ROWS = 100;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ColumnMetaData column =
      new ColumnMetaData(
          Type.INT32,
          List.of(Encoding.PLAIN, Encoding.RLE, Encoding.RLE_DICTIONARY),
          List.of("v"),
          CompressionCodec.UNCOMPRESSED,
          ROWS,
          0,
          0,
          4);
  private Consumer<FileMetaData> footer = meta -> {};
  private Consumer<ColumnChunk> chunk = part -> {};
  private boolean whole;

  CraftedParquet() {
    write("PAR1".getBytes(StandardCharsets.US_ASCII));
  }

  static byte[] values() {
    ByteBuffer values = ByteBuffer.allocate(4 * ROWS).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < ROWS; i++) {
      values.putInt(i);
    }
    return values.array();
  }

  CraftedParquet page(PageHeader header, byte[] body) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      Util.writePageHeader(header, bytes);
      write(bytes.toByteArray());
      write(body);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static PageHeader dataHeader(int uncompressed, int compressed, int values) {
    PageHeader header = new PageHeader(PageType.DATA_PAGE, uncompressed, compressed);
    header.setData_page_header(
        new DataPageHeader(values, Encoding.PLAIN, Encoding.RLE, Encoding.RLE));
    return header;
  }

  static PageHeader v2Header(int uncompressed, int compressed, int definition, int repetition) {
    PageHeader header = new PageHeader(PageType.DATA_PAGE_V2, uncompressed, compressed);
    DataPageHeaderV2 v2 =
        new DataPageHeaderV2(ROWS, 0, ROWS, Encoding.PLAIN, definition, repetition);
    v2.setIs_compressed(false);
    header.setData_page_header_v2(v2);
    return header;
  }

  static PageHeader dictionaryHeader(int uncompressed, int compressed, int values) {
    PageHeader header = new PageHeader(PageType.DICTIONARY_PAGE, uncompressed, compressed);
    header.setDictionary_page_header(new DictionaryPageHeader(values, Encoding.PLAIN));
    return header;
  }

  CraftedParquet goodPage() {
    byte[] values = values();
    return page(dataHeader(values.length, values.length, ROWS), values);
  }

  CraftedParquet column(Consumer<ColumnMetaData> change) {
    end();
    change.accept(column);
    return this;
  }

  CraftedParquet chunk(Consumer<ColumnChunk> change) {
    end();
    chunk = change;
    return this;
  }

  CraftedParquet footer(Consumer<FileMetaData> change) {
    footer = change;
    return this;
  }

  /** Where the next byte will stand. */
  int position() {
    return out.size();
  }

  CraftedParquet write(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  /** The column chunk's pages end here, if they have not before. */
  CraftedParquet end() {
    if (!whole) {
      whole = true;
      column.setTotal_compressed_size(out.size() - 4);
      column.setTotal_uncompressed_size(out.size() - 4);
    }
    return this;
  }

  byte[] bytes() {
    end();
    SchemaElement root = new SchemaElement("spark_schema");
    root.setNum_children(1);
    SchemaElement v = new SchemaElement("v");
    v.setType(Type.INT32);
    v.setRepetition_type(FieldRepetitionType.REQUIRED);
    ColumnChunk part = new ColumnChunk(4);
    part.setMeta_data(column);
    chunk.accept(part);
    RowGroup group =
        new RowGroup(new ArrayList<>(List.of(part)), column.getTotal_compressed_size(), ROWS);
    FileMetaData meta =
        new FileMetaData(
            1, new ArrayList<>(List.of(root, v)), ROWS, new ArrayList<>(List.of(group)));
    footer.accept(meta);
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      Util.writeFileMetaData(meta, bytes);
      return withFooter(out.toByteArray(), bytes.toByteArray(), bytes.size());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file that ends with a footer. */
  static byte[] withFooter(byte[] before, byte[] footer, int claimedLength) {
    return ByteBuffer.allocate(before.length + footer.length + 8)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(before)
        .put(footer)
        .putInt(claimedLength)
        .put("PAR1".getBytes(StandardCharsets.US_ASCII))
        .array();
  }
}
