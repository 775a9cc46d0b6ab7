package io.github.deltasharing.spark;

import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.options.SharingOptions;
import io.github.deltasharing.parquet.ParquetSettings;
import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.pushdown.FilePruner;
import io.github.deltasharing.read.DriverUrls;
import io.github.deltasharing.read.FileSlice;
import io.github.deltasharing.read.KeyedInputPartition;
import io.github.deltasharing.read.PartitionValues;
import io.github.deltasharing.read.ScanSpec;
import io.github.deltasharing.read.SharingInputPartition;
import io.github.deltasharing.read.SharingReaderFactory;
import io.github.deltasharing.renewal.SnapshotUrls;
import io.github.deltasharing.renewal.UrlEndpoint;
import io.github.deltasharing.renewal.UrlLife;
import io.github.deltasharing.renewal.UrlRegistry;
import io.github.deltasharing.storage.DeletionVectorRef;
import io.github.deltasharing.storage.SharedFile;
import io.github.deltasharing.storage.SignedUrl;
import io.github.deltasharing.table.FileFilter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.util.SerializableConfiguration;
import scala.reflect.ClassTag;

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
    String[] columns =
        Arrays.stream(scan.schema().partition().fieldNames())
            .map(scan.table().sharedSchema()::physicalName)
            .toArray(String[]::new);
    UrlLife life = scan.snapshot().life();
    // Files of one partition share the map; their slices share the array.
    Map<Map<String, String>, String[]> values = new IdentityHashMap<>();
    List<FileSlice> slices = new ArrayList<>(files.size());
    for (AddFile file : files) {
      String[] ofFile = values.computeIfAbsent(file.partitionValues(), v -> values(v, columns));
      slices.add(slice(file, ofFile, life));
    }
    return slices;
  }

  /**
   * @param columns their physical names
   */
  private static String[] values(Map<String, String> partitionValues, String[] columns) {
    return Arrays.stream(columns).map(partitionValues::get).toArray(String[]::new);
  }

  private FileSlice slice(AddFile file, String[] values, UrlLife life) {
    if (file.size() <= 0) {
      throw SharingErrors.badFileSize(scan.table().name(), file.id(), file.size());
    }
    SharedFile shared =
        new SharedFile(
            scan.table().name(),
            file.id(),
            new SignedUrl(file.packedUrl()),
            file.size(),
            life.renewAt(file.expirationTimestamp()));
    return new FileSlice(
        shared, 0, file.size(), values, DeletionVectorRef.of(shared, file.deletionVector()));
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    SparkSession spark = SparkSession.active();
    SQLConf conf = SQLConf.get();
    Configuration hadoop = spark.sessionState().newHadoopConf();
    ParquetSettings.configure(hadoop, conf, scan.table().sharedSchema().matchesById());
    ClassTag<SerializableConfiguration> tag = ClassTag.apply(SerializableConfiguration.class);
    Broadcast<SerializableConfiguration> broadcast =
        spark.sparkContext().broadcast(new SerializableConfiguration(hadoop), tag);
    SnapshotUrls urls = scan.snapshot().urls();
    UrlRegistry.shared().register(urls);
    HttpSettings http = scan.table().conf().http();
    ScanSpec spec =
        new ScanSpec(
                scan.table().sharedSchema().physical(scan.schema().data()),
                scan.schema().partition(),
                scan.schema().metadata(),
                ParquetSettings.of(conf),
                http,
                new DriverUrls(UrlEndpoint.nameIn(SparkEnv.get()), urls.id(), http),
                scan.timeZone(),
                scan.pushed().predicates().dataFilters())
            .cachedAs(
                scan.table().conf().get(SharingOptions.PATH),
                scan.snapshot().result().table().metadata().id());
    return new SharingReaderFactory(spec, scan.columnar(), broadcast, urls);
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
