/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import io.github.deltasharing.source.StoredVector;
import io.github.deltasharing.table.DeletedRows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileFormat;

/**
 * Makes deletion vectors of the row-level deletes that apply to data files, in one listing of a
 * table's files. Used by one thread.
 */
final class RowDeletes {
  /** What one listing reads of position deletes at most, and keeps until its end. */
  private static final long MOST_FILE_BYTES = 512L << 20;

  private static final long MOST_HEAP_BYTES = 128L << 20;

  /** The longest vector that is written out in a response. */
  private static final long LONGEST_INLINE = 4L << 20;

  private final IcebergTable table;
  private final PositionDeleteFiles files;
  private final EqualityDeletes equality;
  private final PuffinVectors puffin;
  private final Map<String, DeletedPositions> read = new HashMap<>();
  private long fileBytes;
  private long heapBytes;

  /** Equality deletes are refused. */
  RowDeletes(IcebergTable table, PositionDeleteFiles files) {
    this(table, files, null);
  }

  /**
   * @param equality resolves equality deletes
   */
  RowDeletes(IcebergTable table, PositionDeleteFiles files, EqualityDeletes equality) {
    this.table = table;
    this.files = files;
    this.equality = equality;
    this.puffin = new PuffinVectors(table);
  }

  /**
   * The vector of a data file.
   *
   * @param deletes those of the version that apply to the file
   */
  Optional<StoredVector> of(DataFile file, List<DeleteFile> deletes) {
    List<DeleteFile> byEquality = new ArrayList<>();
    List<DeleteFile> byPosition = new ArrayList<>();
    for (DeleteFile delete : deletes) {
      if (delete.keyMetadata() != null) {
        throw table.unsupported("its files are encrypted");
      }
      boolean positions = delete.content() == FileContent.POSITION_DELETES;
      (positions ? byPosition : byEquality).add(delete);
    }
    DeletedRows rows = new DeletedRows();
    if (!byEquality.isEmpty()) {
      rows.addAll(equal(file, byEquality));
    }
    for (DeleteFile delete : byPosition) {
      if (delete.format() == FileFormat.PUFFIN) {
        return Optional.of(stored(file, delete, byPosition, rows));
      }
      DeletedRows some = positions(delete).rows().get(file.location());
      if (some != null) {
        rows.addAll(some);
      }
    }
    return rows.isEmpty() ? Optional.empty() : Optional.of(inline(file, rows));
  }

  private DeletedRows equal(DataFile file, List<DeleteFile> deletes) {
    if (equality == null) {
      throw table.unsupported(
          "it has equality deletes, which this server does not resolve here. Have the table compacted (rewrite_data_files)");
    }
    return equality.rows(file, deletes);
  }

  private StoredVector stored(
      DataFile file, DeleteFile vector, List<DeleteFile> deletes, DeletedRows others) {
    if (!others.isEmpty()) {
      throw table.unsupported(
          "a data file has a deletion vector and rows that are deleted by equality, which this server does not put together. Have the table compacted (rewrite_data_files)");
    }
    if (deletes.size() > 1 || !file.location().equals(vector.referencedDataFile())) {
      throw table.unsupported("a data file has other deletes beside its deletion vector");
    }
    return puffin.of(IcebergVector.stored(table, vector), vector);
  }

  private StoredVector inline(DataFile file, DeletedRows rows) {
    if (rows.last() >= file.recordCount()) {
      throw table.unsupported("a position delete is behind the end of its data file");
    }
    if (rows.sizeInBytes() > LONGEST_INLINE) {
      throw PositionDeleteReader.tooMuch(
          table,
          "the position deletes of a data file make a vector of more than %d MiB"
              .formatted(LONGEST_INLINE >> 20));
    }
    return IcebergVector.inline(rows);
  }

  private DeletedPositions positions(DeleteFile file) {
    DeletedPositions known = read.get(file.location());
    if (known != null) {
      return known;
    }
    fileBytes += file.fileSizeInBytes();
    if (fileBytes > MOST_FILE_BYTES) {
      throw PositionDeleteReader.tooMuch(
          table,
          "its files of position deletes have more than %d MiB".formatted(MOST_FILE_BYTES >> 20));
    }
    DeletedPositions positions = files.read(table, file);
    heapBytes += positions.bytes();
    if (heapBytes > MOST_HEAP_BYTES) {
      throw PositionDeleteReader.tooMuch(
          table,
          "its position deletes take more than %d MiB of memory".formatted(MOST_HEAP_BYTES >> 20));
    }
    read.put(file.location(), positions);
    return positions;
  }
}
