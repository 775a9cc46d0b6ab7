package io.github.deltasharing.spark;

import io.github.deltasharing.listing.UrlLife;
import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.pushdown.FilePruner;
import io.github.deltasharing.read.FileMetadata;
import io.github.deltasharing.read.FileSlice;
import io.github.deltasharing.read.KeyedInputPartition;
import io.github.deltasharing.read.PartitionValues;
import io.github.deltasharing.read.SharingInputPartition;
import io.github.deltasharing.storage.AmbiguousNames;
import io.github.deltasharing.table.FileFilter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;

/**
 * A scan's physical side: partitions and the factory of their readers. Equal batches read the same,
 * which lets Spark reuse an exchange. Driver only.
 */
final class SharingBatch implements Batch {
  private final SharingScan scan;
  private final FileFilter runtimeFilter;

  /**
   * @param runtimeFilter what files may be left out by besides, or null; Spark compares it itself
   */
  SharingBatch(SharingScan scan, FileFilter runtimeFilter) {
    this.scan = scan;
    this.runtimeFilter = runtimeFilter;
  }

  @Override
  public InputPartition[] planInputPartitions() {
    List<AddFile> files = scan.files().files();
    List<AddFile> matching =
        runtimeFilter == null ? files : FilePruner.matching(files, runtimeFilter);
    if (runtimeFilter != null) {
      scan.metrics().skippedByRuntimeFilter(files.size() - matching.size());
    }
    SplitPlanner planner = SplitPlanner.of(SparkSession.active());
    List<? extends SharingInputPartition> partitions =
        scan.grouped() ? byKey(files, matching, planner) : planner.plan(slices(matching));
    return partitions.toArray(InputPartition[]::new);
  }

  /**
   * Partitions of one key each. Files that a runtime filter leaves out are taken from finished
   * partitions: Spark wants no more of them for a key than it was told of before.
   */
  private List<KeyedInputPartition> byKey(
      List<AddFile> files, List<AddFile> matching, SplitPlanner planner) {
    Set<String> left = matching.stream().map(AddFile::id).collect(Collectors.toSet());
    Map<List<String>, List<FileSlice>> groups = new LinkedHashMap<>();
    for (FileSlice slice : slices(files)) {
      groups
          .computeIfAbsent(Arrays.asList(slice.partitionValues()), key -> new ArrayList<>())
          .add(slice);
    }
    PartitionValues values = new PartitionValues(scan.schema().partition(), scan.timeZone());
    List<KeyedInputPartition> partitions = new ArrayList<>();
    for (List<FileSlice> group : groups.values()) {
      FileSlice first = group.get(0);
      InternalRow key = values.row(scan.table().name(), first.file().id(), first.partitionValues());
      for (SharingInputPartition partition : planner.plan(group)) {
        List<FileSlice> slices =
            partition.slices().stream().filter(slice -> left.contains(slice.file().id())).toList();
        if (!slices.isEmpty()) {
          partitions.add(new KeyedInputPartition(key, slices));
        }
      }
    }
    return partitions;
  }

  private List<FileSlice> slices(List<AddFile> files) {
    FileSlices slices =
        new FileSlices(
            scan.table().name(),
            scan.table().sharedSchema(),
            scan.schema().partition(),
            ambiguousNames());
    UrlLife life = scan.snapshot().life();
    boolean dated =
        List.of(scan.schema().metadata().fieldNames()).contains(FileMetadata.MODIFICATION_TIME);
    return files.stream()
        .map(
            file -> {
              FileSlice slice = slices.slice(file, file.id(), life);
              return dated ? slice.modifiedAt(file.modificationTime()) : slice;
            })
        .toList();
  }

  /** Of all files of the answer: those left out now may be read by the next query. */
  private Predicate<String> ambiguousNames() {
    if (scan.table().read().http().cacheMemory() == 0) {
      return id -> false;
    }
    AmbiguousNames names = new AmbiguousNames();
    scan.snapshot().result().files().forEach(file -> names.add(file.id()));
    return names;
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    return scan.readerFactories()
        .ofPlan(scan.snapshot().urls(), scan.snapshot().result().table().metadata().id());
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof SharingBatch that && scan.equals(that.scan);
  }

  @Override
  public int hashCode() {
    return scan.hashCode();
  }
}
