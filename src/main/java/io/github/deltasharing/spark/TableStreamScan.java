package io.github.deltasharing.spark;

import io.github.deltasharing.read.FileSlice;
import io.github.deltasharing.streaming.BatchRelisting;
import io.github.deltasharing.streaming.StreamFile;
import java.util.List;

/** Reads the files of a table's stream as the rows that they hold. Driver only. */
final class TableStreamScan extends StreamScan {
  private final SharingScan scan;

  @SuppressWarnings("deprecation") // Spark's own callers still use it.
  TableStreamScan(SharingScan scan) {
    super(scan, scan.table().schema());
    this.scan = scan;
  }

  @Override
  List<FileSlice> slices(List<StreamFile> files) {
    FileSlices slices =
        new FileSlices(
            scan.table().name(),
            scan.table().sharedSchema(),
            scan.schema().partition(),
            scan.table().read().http().cacheMemory() == 0
                ? key -> false
                : BatchRelisting.ambiguousKeys(files));
    return files.stream()
        .map(
            file ->
                slices.slice(file.change().file(), BatchRelisting.key(file), file.listing().life()))
        .toList();
  }
}
