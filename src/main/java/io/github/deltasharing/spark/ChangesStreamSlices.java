package io.github.deltasharing.spark;

import io.github.deltasharing.changes.ChangeSlices;
import io.github.deltasharing.error.StreamErrors;
import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.read.FileSlice;
import io.github.deltasharing.read.PartitionColumns;
import io.github.deltasharing.streaming.Listing;
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
record ChangesStreamSlices(LoadedTable table, ProjectedSchema columns) implements StreamSlices {
  @Override
  public List<FileSlice> of(List<StreamFile> files) {
    Map<Listing, List<StreamFile>> answers = new LinkedHashMap<>();
    for (StreamFile file : files) {
      answers.computeIfAbsent(file.listing(), listing -> new ArrayList<>()).add(file);
    }
    List<FileSlice> slices = new ArrayList<>();
    answers.forEach((listing, listed) -> slices.addAll(slices(listing, listed)));
    return slices;
  }

  private List<FileSlice> slices(Listing listing, List<StreamFile> files) {
    String name = table.name().toString();
    PartitionColumns partition = table.schema().partitionColumns(columns.partition());
    ChangeSlices slices = new ChangeSlices(name, partition, listing.life());
    if (!listing.snapshot()) {
      return slices.plan(files.stream().map(StreamFile::change).toList());
    }
    List<AddFile> added = files.stream().map(file -> file.change().file()).toList();
    Long time = listing.time();
    if (time == null) {
      throw StreamErrors.snapshotWithoutTime(name, files.get(0).version());
    }
    return slices.inserts(added, files.get(0).version(), time);
  }
}
