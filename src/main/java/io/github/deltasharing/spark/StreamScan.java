package io.github.deltasharing.spark;

import io.github.deltasharing.read.FileSlice;
import io.github.deltasharing.streaming.StreamFile;
import java.util.List;
import org.apache.spark.sql.types.StructType;

/** How the files of a stream are read: as a table's rows, or as changes. Driver only. */
abstract class StreamScan {
  private final FileScan scan;
  private final StructType columns;

  /**
   * @param columns of the table, in its order: Spark does not prune those of streams
   */
  StreamScan(FileScan scan, StructType columns) {
    this.scan = scan;
    this.columns = columns;
  }

  /** What is read of files, each a whole file; they belong to one batch. */
  abstract List<FileSlice> slices(List<StreamFile> files);

  /** The columns of the table, in its order. */
  final StructType columns() {
    return columns;
  }

  /** The same columns in the order in which the readers give them. */
  final StructType readColumns() {
    return scan.readSchema();
  }

  /** Makes the readers. */
  final ReaderFactories readerFactories() {
    return scan.readerFactories();
  }
}
