/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.read.FileScanTask;
import io.github.deltasharing.streaming.BatchRefresh;
import io.github.deltasharing.streaming.StreamFile;
import java.util.List;

/**
 * Reads the files of a table's stream as the rows in them. Driver only; immutable.
 *
 * @param columns those that are read
 */
record TableStreamScanTasks(LoadedTable table, ProjectedSchema columns) implements StreamScanTasks {
  @Override
  public List<FileScanTask> of(List<StreamFile> files) {
    FileScanTasks splits =
        new FileScanTasks(
            table.name().toString(),
            table.schema(),
            columns.partition(),
            table.conf().http().cacheMemory() == 0
                ? key -> false
                : BatchRefresh.ambiguousKeys(files));
    return files.stream()
        .map(
            file ->
                splits.split(
                    file.change().file(), BatchRefresh.keyPrefix(file), file.listing().life()))
        .toList();
  }
}
