/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import io.github.deltasharing.source.parquet.StoredParquet;
import io.github.deltasharing.source.parquet.WholePages;
import io.github.deltasharing.table.DeletedRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.MetadataColumns;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/** Reads files of position deletes (Iceberg specification, "Position Delete Files"). Stateless. */
final class PositionDeleteReader {
  /** The longest file that is read. */
  private static final long LONGEST = 64L << 20;

  private PositionDeleteReader() {}

  static DeletedPositions read(IcebergTable table, DeleteFile file) {
    if (file.format() != FileFormat.PARQUET) {
      throw table.unsupported(
          "its position deletes are in %s files, which this server does not read. Have them rewritten as Parquet"
              .formatted(file.format()));
    }
    if (file.fileSizeInBytes() > LONGEST) {
      throw tooMuch(
          table, "a file of position deletes is longer than %d MiB".formatted(LONGEST >> 20));
    }
    String path = table.relative(file.location());
    try (ParquetFileReader reader =
        ParquetFileReader.open(
            new StoredParquet(table.storage().openAt(path)),
            ParquetReadOptions.builder().withCodecFactory(new WholePages()).build())) {
      return rows(table, reader);
    } catch (java.io.FileNotFoundException e) {
      throw new org.apache.iceberg.exceptions.NotFoundException(e, "%s is not there", path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A refusal of what is more than the server resolves. */
  static RuntimeException tooMuch(IcebergTable table, String what) {
    return table.unsupported(
        what
            + ", which is more than this server resolves. Have the table compacted (rewrite_position_delete_files or"
            + " rewrite_data_files), or use format version 3, whose deletion vectors have no such limit");
  }

  private static DeletedPositions rows(IcebergTable table, ParquetFileReader reader)
      throws IOException {
    MessageType whole = reader.getFooter().getFileMetaData().getSchema();
    Type path =
        column(table, whole, MetadataColumns.DELETE_FILE_PATH.fieldId(), PrimitiveTypeName.BINARY);
    Type position =
        column(table, whole, MetadataColumns.DELETE_FILE_POS.fieldId(), PrimitiveTypeName.INT64);
    MessageType schema = new MessageType(whole.getName(), path, position);
    reader.setRequestedSchema(schema);
    Map<String, DeletedRows> rows = new HashMap<>();
    String createdBy = reader.getFooter().getFileMetaData().getCreatedBy();
    for (PageReadStore group = reader.readNextRowGroup();
        group != null;
        group = reader.readNextRowGroup()) {
      if (group.getRowCount() == 0) {
        continue;
      }
      ColumnReadStoreImpl store =
          new ColumnReadStoreImpl(group, new NoConverter(), schema, createdBy);
      ColumnReader paths = store.getColumnReader(schema.getColumns().get(0));
      ColumnReader positions = store.getColumnReader(schema.getColumns().get(1));
      for (long i = 0; i < group.getRowCount(); i++) {
        rows.computeIfAbsent(paths.getBinary().toStringUsingUTF8(), any -> new DeletedRows())
            .add(positions.getLong());
        paths.consume();
        positions.consume();
      }
    }
    return DeletedPositions.of(rows);
  }

  private static Type column(
      IcebergTable table, MessageType schema, int id, PrimitiveTypeName type) {
    for (Type field : schema.getFields()) {
      if (field.getId() != null
          && field.getId().intValue() == id
          && field.isPrimitive()
          && field.asPrimitiveType().getPrimitiveTypeName() == type
          && field.isRepetition(Type.Repetition.REQUIRED)) {
        return field;
      }
    }
    throw table.unsupported("a file of its position deletes has not the columns of one");
  }

  /** Values are taken from the columns themselves. */
  static final class NoConverter extends GroupConverter {
    private static final Converter NOTHING = new PrimitiveConverter() {};

    @Override
    public Converter getConverter(int field) {
      return NOTHING;
    }

    @Override
    public void start() {}

    @Override
    public void end() {}
  }
}
