package io.github.deltasharing.spark;

import io.github.deltasharing.read.FileSlice;
import io.github.deltasharing.streaming.BatchRelisting;
import io.github.deltasharing.streaming.StreamFile;
import java.util.List;

/** Reads the files of a table's stream as the rows that they hold. Driver only. */
final class TableStreamScan extends StreamScan {
  private final SharingScan scan;
  private final FileSlices slices;

  @SuppressWarnings("deprecation") // Spark's own callers still use it.
  TableStreamScan(SharingScan scan) {
    super(scan, scan.table().schema());
    this.scan = scan;
    this.slices =
        new FileSlices(scan.table().name(), scan.table().sharedSchema(), scan.schema().partition());
  }

  @Override
  List<FileSlice> slices(List<StreamFile> files) {
    return files.stream()
        .map(
            file ->
                slices.slice(file.change().file(), BatchRelisting.key(file), file.listing().life()))
        .toList();
  }
}
