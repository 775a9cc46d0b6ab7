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
import java.util.function.Supplier;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileFormat;

/**
 * Makes deletion vectors of the row-level deletes that apply to data files, in one listing of a
 * table's files. Used by one thread.
 */
final class RowDeletes {
  /**
   * What one listing reads of position deletes at most, and keeps until its end; and of vectors
   * that it puts together with others.
   */
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
    Optional<DeleteFile> vector =
        byPosition.stream().filter(delete -> delete.format() == FileFormat.PUFFIN).findFirst();
    if (vector.isPresent()) {
      requireAlone(file, vector.get(), byPosition);
      return Optional.of(stored(file, vector.get(), rows));
    }
    for (DeleteFile delete : byPosition) {
      DeletedRows some = positions(delete).rows().get(file.location());
      if (some != null) {
        rows.addAll(some);
      }
    }
    return rows.isEmpty() ? Optional.empty() : Optional.of(inline(file, rows, this::tooLong));
  }

  private DeletedRows equal(DataFile file, List<DeleteFile> deletes) {
    if (equality == null) {
      throw table.unsupported(
          "it has equality deletes, which this server does not resolve here. Have the table compacted (rewrite_data_files)");
    }
    return equality.rows(file, deletes);
  }

  private void requireAlone(DataFile file, DeleteFile vector, List<DeleteFile> byPosition) {
    if (byPosition.size() > 1 || !file.location().equals(vector.referencedDataFile())) {
      throw table.unsupported("a data file has other deletes beside its deletion vector");
    }
  }

  /**
   * @param equal the rows that are deleted by equality
   */
  private StoredVector stored(DataFile file, DeleteFile vector, DeletedRows equal) {
    IcebergVector stored = IcebergVector.stored(table, vector);
    if (equal.isEmpty()) {
      return puffin.of(stored, vector);
    }
    if (stored.sizeInBytes() > LONGEST_INLINE) {
      throw tooLongTogether();
    }
    spend(stored.sizeInBytes());
    equal.addAll(puffin.rows(stored, vector));
    return inline(file, equal, this::tooLongTogether);
  }

  private StoredVector inline(DataFile file, DeletedRows rows, Supplier<RuntimeException> tooLong) {
    if (rows.last() >= file.recordCount()) {
      throw table.unsupported("a position delete is behind the end of its data file");
    }
    if (rows.sizeInBytes() > LONGEST_INLINE) {
      throw tooLong.get();
    }
    return IcebergVector.inline(rows);
  }

  private RuntimeException tooLong() {
    return PositionDeleteReader.tooMuch(
        table,
        "the position deletes of a data file make a vector of more than %d MiB"
            .formatted(LONGEST_INLINE >> 20));
  }

  private RuntimeException tooLongTogether() {
    return table.unsupported(
        "the deletion vector of a data file and its rows that are deleted by equality make a vector of more than %d MiB, which is more than this server resolves. Have the table compacted (rewrite_data_files)"
            .formatted(LONGEST_INLINE >> 20));
  }

  private void spend(long bytes) {
    fileBytes += bytes;
    if (fileBytes > MOST_FILE_BYTES) {
      throw PositionDeleteReader.tooMuch(
          table,
          "its files of position deletes have more than %d MiB".formatted(MOST_FILE_BYTES >> 20));
    }
  }

  private DeletedPositions positions(DeleteFile file) {
    DeletedPositions known = read.get(file.location());
    if (known != null) {
      return known;
    }
    spend(file.fileSizeInBytes());
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
