package io.github.deltasharing.spark;

import io.github.deltasharing.read.FileSlice;
import io.github.deltasharing.streaming.BatchRelisting;
import io.github.deltasharing.streaming.StreamFile;
import java.util.List;
import org.apache.spark.sql.types.StructType;

/** Reads the files of a table's stream as the rows that they hold. Driver only. */
final class TableStreamScan implements StreamScan {
  private final SharingScan scan;
  private final FileSlices slices;

  TableStreamScan(SharingScan scan) {
    this.scan = scan;
    this.slices =
        new FileSlices(scan.table().name(), scan.table().sharedSchema(), scan.schema().partition());
  }

  @Override
  public List<FileSlice> slices(List<StreamFile> files) {
    return files.stream()
        .map(
            file ->
                slices.slice(file.change().file(), BatchRelisting.key(file), file.listing().life()))
        .toList();
  }

  @Override
  @SuppressWarnings("deprecation") // Spark's own callers still use it.
  public StructType columns() {
    return scan.table().schema();
  }

  @Override
  public StructType readColumns() {
    return scan.readSchema();
  }

  @Override
  public ReaderFactories readerFactories() {
    return scan.readerFactories();
  }
}
