package io.github.deltasharing.spark;

import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.options.HttpSettings;
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
import io.github.deltasharing.storage.DeletionVectorRef;
import io.github.deltasharing.storage.SharedFile;
import io.github.deltasharing.storage.SignedUrl;
import io.github.deltasharing.table.FileFilter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    if (runtimeFilter != null) {
      List<AddFile> matching = FilePruner.matching(files, runtimeFilter);
      scan.metrics().skippedByRuntimeFilter(files.size() - matching.size());
      files = matching;
    }
    SplitPlanner planner = SplitPlanner.of(SparkSession.active());
    UrlLife life = scan.snapshot().life();
    List<FileSlice> slices = new ArrayList<>(files.size());
    for (AddFile file : files) {
      slices.add(slice(file, life));
    }
    return (scan.grouped() ? byKey(slices, planner) : planner.plan(slices))
        .toArray(InputPartition[]::new);
  }

  private List<SharingInputPartition> byKey(List<FileSlice> slices, SplitPlanner planner) {
    Map<List<String>, List<FileSlice>> groups = new LinkedHashMap<>();
    for (FileSlice slice : slices) {
      groups
          .computeIfAbsent(Arrays.asList(slice.partitionValues()), key -> new ArrayList<>())
          .add(slice);
    }
    PartitionValues values = partitionValues();
    List<SharingInputPartition> partitions = new ArrayList<>();
    for (List<FileSlice> group : groups.values()) {
      FileSlice first = group.get(0);
      InternalRow key = values.row(scan.table().name(), first.file().id(), first.partitionValues());
      for (SharingInputPartition partition : planner.plan(group)) {
        partitions.add(new KeyedInputPartition(key, partition.slices()));
      }
    }
    return partitions;
  }

  private PartitionValues partitionValues() {
    return new PartitionValues(scan.schema().partition(), SQLConf.get().sessionLocalTimeZone());
  }

  private FileSlice slice(AddFile file, UrlLife life) {
    if (file.size() <= 0) {
      throw SharingErrors.badFileSize(scan.table().name(), file.id(), file.size());
    }
    String[] columns = scan.schema().partition().fieldNames();
    String[] values = new String[columns.length];
    for (int i = 0; i < columns.length; i++) {
      values[i] = file.partitionValues().get(scan.table().sharedSchema().physicalName(columns[i]));
    }
    SharedFile shared =
        new SharedFile(
            scan.table().name(),
            file.id(),
            new SignedUrl(file.url()),
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
            conf.sessionLocalTimeZone(),
            scan.pushed().predicates().dataFilters());
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
