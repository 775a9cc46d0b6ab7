/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.read;

import io.github.deltasharing.parquet.ParquetOpener;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A task's ways to open files: with the read columns only, with the type of change that a file has
 * of each row, and with each row's position besides, which deletion vectors need. Made when first
 * used. One task thread.
 */
final class FileOpeners {
  private final Configuration hadoop;
  private final ScanSpec spec;
  private final ParquetOpener[] openers = new ParquetOpener[8];

  FileOpeners(Configuration hadoop, ScanSpec spec) {
    this.hadoop = hadoop;
    this.spec = spec;
  }

  /** The opener for a file; where positions are needed, they are the last of its columns. */
  ParquetOpener forSplit(FileScanTask split) {
    boolean positioned = spec.needsPosition(split);
    int kind =
        (split.rows() == null ? 0 : 4) + (spec.hasTypeInFile(split) ? 2 : 0) + (positioned ? 1 : 0);
    if (openers[kind] == null) {
      StructType columns = spec.fileSchema(split);
      openers[kind] =
          new ParquetOpener(
              hadoop,
              spec.parquet(),
              positioned ? columns.add(ParquetOpener.ROW_INDEX, DataTypes.LongType) : columns,
              // Of a file with deleted rows, nobody has counted the nulls of the others.
              split.rows() == null ? spec.notNull() : new StructType(),
              spec.dataFilters());
    }
    return openers[kind];
  }
}
