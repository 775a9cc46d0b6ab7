package io.github.deltasharing.spark;

import io.github.deltasharing.read.FileSlice;
import io.github.deltasharing.streaming.BatchRefresh;
import io.github.deltasharing.streaming.StreamFile;
import java.util.List;

/**
 * Reads the files of a table's stream as the rows that they hold. Driver only; immutable.
 *
 * @param columns those that are read
 */
record TableStreamSlices(LoadedTable table, ProjectedSchema columns) implements StreamSlices {
  @Override
  public List<FileSlice> of(List<StreamFile> files) {
    FileSlices slices =
        new FileSlices(
            table.name().toString(),
            table.schema(),
            columns.partition(),
            table.conf().http().cacheMemory() == 0
                ? key -> false
                : BatchRefresh.ambiguousKeys(files));
    return files.stream()
        .map(
            file ->
                slices.slice(file.change().file(), BatchRefresh.key(file), file.listing().life()))
        .toList();
  }
}
