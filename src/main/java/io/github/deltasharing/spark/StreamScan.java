package io.github.deltasharing.spark;

import io.github.deltasharing.read.FileSlice;
import io.github.deltasharing.streaming.StreamFile;
import java.util.List;
import org.apache.spark.sql.types.StructType;

/** How the files of a stream are read: as a table's rows, or as changes. */
interface StreamScan {
  /** What is read of files, each a whole file; they belong to one batch. */
  List<FileSlice> slices(List<StreamFile> files);

  /** The columns of the table, in its order: Spark does not prune those of streams. */
  StructType columns();

  /** The same columns in the order in which the readers give them. */
  StructType readColumns();

  /** Makes the readers. */
  ReaderFactories readerFactories();
}
