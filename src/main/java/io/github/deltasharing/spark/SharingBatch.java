package io.github.deltasharing.spark;

import io.github.deltasharing.client.QueryResult;
import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.parquet.ParquetSettings;
import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.read.FileSlice;
import io.github.deltasharing.read.ScanSpec;
import io.github.deltasharing.read.SharingReaderFactory;
import io.github.deltasharing.storage.DeletionVectorRef;
import io.github.deltasharing.storage.SharedFile;
import io.github.deltasharing.storage.SignedUrl;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.util.SerializableConfiguration;
import scala.reflect.ClassTag;

/**
 * A scan's physical side: partitions and the factory of their readers. Equal batches read the same,
 * which lets Spark reuse an exchange. Driver only.
 */
final class SharingBatch implements Batch {
  private final SharingScan scan;

  SharingBatch(SharingScan scan) {
    this.scan = scan;
  }

  @Override
  public InputPartition[] planInputPartitions() {
    QueryResult snapshot = scan.snapshot();
    List<FileSlice> files = new ArrayList<>(snapshot.files().size());
    for (AddFile file : snapshot.files()) {
      files.add(slice(file));
    }
    return SplitPlanner.of(SparkSession.active()).plan(files).toArray(InputPartition[]::new);
  }

  private FileSlice slice(AddFile file) {
    if (file.size() <= 0) {
      throw SharingErrors.badFileSize(scan.table().name(), file.id(), file.size());
    }
    String[] columns = scan.partitionSchema().fieldNames();
    String[] values = new String[columns.length];
    for (int i = 0; i < columns.length; i++) {
      values[i] = file.partitionValues().get(scan.table().sharedSchema().physicalName(columns[i]));
    }
    SharedFile shared =
        new SharedFile(scan.table().name(), file.id(), new SignedUrl(file.url()), file.size());
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
    ScanSpec spec =
        new ScanSpec(
            scan.table().sharedSchema().physical(scan.dataSchema()),
            scan.partitionSchema(),
            scan.metadataSchema(),
            ParquetSettings.of(conf),
            scan.table().conf().http(),
            conf.sessionLocalTimeZone(),
            new Filter[0]);
    return new SharingReaderFactory(spec, scan.columnar(), broadcast);
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
