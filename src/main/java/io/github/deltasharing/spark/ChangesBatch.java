package io.github.deltasharing.spark;

import io.github.deltasharing.changes.ChangeSlices;
import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.options.SharingOptions;
import io.github.deltasharing.parquet.ParquetSettings;
import io.github.deltasharing.pushdown.CountingPruner;
import io.github.deltasharing.pushdown.PrunedFiles;
import io.github.deltasharing.read.DriverUrls;
import io.github.deltasharing.read.FileSlice;
import io.github.deltasharing.read.ScanSpec;
import io.github.deltasharing.read.SharingReaderFactory;
import io.github.deltasharing.renewal.SnapshotUrls;
import io.github.deltasharing.renewal.UrlEndpoint;
import io.github.deltasharing.renewal.UrlRegistry;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import scala.reflect.ClassTag;

/**
 * The physical side of a scan of changes. Equal batches read the same, which lets Spark reuse an
 * exchange. Driver only.
 */
final class ChangesBatch implements Batch {
  private final ChangesScan scan;
  private final ChangesQuery query;

  ChangesBatch(ChangesScan scan) {
    this.scan = scan;
    this.query = scan.query();
  }

  @Override
  public InputPartition[] planInputPartitions() {
    long start = System.nanoTime();
    ChangesQuery.Answer answer = query.answer();
    ChangesTable table = scan.table();
    ChangeSlices slices =
        new ChangeSlices(
            table.tableName().toString(),
            scan.columns().partitionNames(table.sharedSchema()),
            answer.life());
    CountingPruner pruner = new CountingPruner(scan.predicates());
    List<FileSlice> matching = slices.plan(answer.files(), pruner);
    List<FileSlice> needed =
        matching.stream().filter(slice -> scan.filter().mayMatch(slice.change())).toList();
    // A commit's version and time are the same for all of a file, as partition values are.
    int skippedByConstants = pruner.skippedByPartition() + matching.size() - needed.size();
    PrunedFiles counts =
        new PrunedFiles(
            List.of(), answer.files().size(), skippedByConstants, pruner.skippedByStatistics(), 0);
    scan.metrics().planned(counts, System.nanoTime() - start);
    return SplitPlanner.of(SparkSession.active()).plan(needed).toArray(InputPartition[]::new);
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    SparkSession spark = SparkSession.active();
    SQLConf conf = SQLConf.get();
    SharedSchema schema = scan.table().sharedSchema();
    Configuration hadoop = spark.sessionState().newHadoopConf();
    ParquetSettings.configure(hadoop, conf, schema.matchesById());
    ClassTag<SerializableConfiguration> tag = ClassTag.apply(SerializableConfiguration.class);
    Broadcast<SerializableConfiguration> broadcast =
        spark.sparkContext().broadcast(new SerializableConfiguration(hadoop), tag);
    SnapshotUrls urls = query.answer().urls();
    UrlRegistry.shared().register(urls);
    HttpSettings http = scan.table().conf().http();
    ScanSpec spec =
        new ScanSpec(
                schema.physical(scan.columns().data()),
                scan.columns().partition(),
                new StructType(),
                ParquetSettings.of(conf),
                http,
                new DriverUrls(UrlEndpoint.nameIn(SparkEnv.get()), urls.id(), http),
                scan.timeZone(),
                scan.predicates().dataFilters())
            .ofChanges(scan.columns().changes())
            .cachedAs(scan.table().conf().get(SharingOptions.PATH), scan.table().tableId());
    return new SharingReaderFactory(spec, scan.columnar(), broadcast, urls);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof ChangesBatch that && scan.equals(that.scan);
  }

  @Override
  public int hashCode() {
    return scan.hashCode();
  }
}
