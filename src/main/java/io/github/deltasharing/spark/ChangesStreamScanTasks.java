/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.changes.ChangeScanTasks;
import io.github.deltasharing.error.StreamErrors;
import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.read.FileScanTask;
import io.github.deltasharing.read.PartitionColumns;
import io.github.deltasharing.streaming.FileListing;
import io.github.deltasharing.streaming.StreamFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the files of a stream of changes as the rows that changed; a snapshot as if one commit had
 * inserted it. Driver only; immutable.
 *
 * @param columns those that are read
 */
record ChangesStreamScanTasks(LoadedTable table, ProjectedSchema columns)
    implements StreamScanTasks {
  @Override
  public List<FileScanTask> of(List<StreamFile> files) {
    Map<FileListing, List<StreamFile>> listings = new LinkedHashMap<>();
    for (StreamFile file : files) {
      listings.computeIfAbsent(file.listing(), listing -> new ArrayList<>()).add(file);
    }
    List<FileScanTask> splits = new ArrayList<>();
    listings.forEach((listing, listed) -> splits.addAll(splits(listing, listed)));
    return splits;
  }

  private List<FileScanTask> splits(FileListing listing, List<StreamFile> files) {
    String name = table.name().toString();
    PartitionColumns partition = table.schema().partitionColumns(columns.partition());
    ChangeScanTasks splits = new ChangeScanTasks(name, partition, listing.life());
    if (!listing.snapshot()) {
      return splits.plan(files.stream().map(StreamFile::change).toList());
    }
    List<AddFile> added = files.stream().map(file -> file.change().file()).toList();
    Long time = listing.time();
    if (time == null) {
      throw StreamErrors.snapshotWithoutTime(name, files.get(0).version());
    }
    return splits.inserts(added, files.get(0).version(), time);
  }
}
