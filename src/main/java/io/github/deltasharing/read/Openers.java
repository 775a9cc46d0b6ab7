package io.github.deltasharing.read;

import io.github.deltasharing.parquet.ParquetOpener;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A task's two ways to open files: with the columns asked for only, and with each row's position
 * besides, which deletion vectors need. Made when first used. One task thread.
 */
final class Openers {
  private final Configuration hadoop;
  private final ScanSpec spec;
  private ParquetOpener plain;
  private ParquetOpener positioned;

  Openers(Configuration hadoop, ScanSpec spec) {
    this.hadoop = hadoop;
    this.spec = spec;
  }

  /** The opener for a file; one with deleted rows gets the position as the last of its columns. */
  ParquetOpener forSlice(FileSlice slice) {
    if (!spec.needsPosition(slice)) {
      if (plain == null) {
        plain = new ParquetOpener(hadoop, spec.parquet(), spec.dataSchema(), spec.dataFilters());
      }
      return plain;
    }
    if (positioned == null) {
      StructType withPosition = spec.dataSchema().add(ParquetOpener.ROW_INDEX, DataTypes.LongType);
      positioned = new ParquetOpener(hadoop, spec.parquet(), withPosition, spec.dataFilters());
    }
    return positioned;
  }
}
