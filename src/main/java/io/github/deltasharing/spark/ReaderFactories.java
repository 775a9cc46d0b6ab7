package io.github.deltasharing.spark;

import io.github.deltasharing.listing.RpcUrlRefresher;
import io.github.deltasharing.listing.SnapshotUrls;
import io.github.deltasharing.listing.UrlRefreshEndpoint;
import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.parquet.ParquetSettings;
import io.github.deltasharing.read.ChangeColumns;
import io.github.deltasharing.read.Execution;
import io.github.deltasharing.read.ScanSpec;
import io.github.deltasharing.read.SharingReaderFactory;
import io.github.deltasharing.storage.url.SignedUrlAccess;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import scala.reflect.ClassTag;

/**
 * Makes factories of readers for one scan, by the session's settings of when this was made: one for
 * a batch, one for each batch of a stream. Driver only.
 */
final class ReaderFactories {
  private final SharedSchema schema;
  private final StructType data;
  private final StructType partition;
  private final StructType metadata;
  private final ChangeColumns changes;
  private final ReadIdentity read;
  private final String timeZone;
  private final Filter[] filters;
  private final boolean columnar;
  private final ParquetSettings parquet = ParquetSettings.of(SQLConf.get());
  private final Broadcast<SerializableConfiguration> hadoop;

  /**
   * @param schema of the table
   * @param data the columns from files, as users see them
   * @param metadata the fields asked for of the hidden column; empty for none
   * @param read who reads which table, by which settings
   * @param filters what holds for the rows asked for; hints
   */
  ReaderFactories(
      SharedSchema schema,
      StructType data,
      StructType partition,
      StructType metadata,
      ChangeColumns changes,
      ReadIdentity read,
      String timeZone,
      Filter[] filters,
      boolean columnar) {
    this.schema = schema;
    this.data = data;
    this.partition = partition;
    this.metadata = metadata;
    this.changes = changes;
    this.read = read;
    this.timeZone = timeZone;
    this.filters = filters.clone();
    this.columnar = columnar;
    SparkSession spark = SparkSession.active();
    Configuration files = spark.sessionState().newHadoopConf();
    ParquetSettings.configure(files, SQLConf.get(), schema.matchesById());
    ClassTag<SerializableConfiguration> tag = ClassTag.apply(SerializableConfiguration.class);
    this.hadoop = spark.sparkContext().broadcast(new SerializableConfiguration(files), tag);
  }

  /**
   * A factory for files whose URLs are refreshed by {@code urls}.
   *
   * @param tableId of the table that they are from
   */
  SharingReaderFactory factory(SnapshotUrls urls, String tableId) {
    return factory(urls, tableId, null);
  }

  /** The same for a plan that Spark may run again after the run of now. */
  SharingReaderFactory ofPlan(SnapshotUrls urls, String tableId) {
    String execution = Execution.ofDriver(SparkSession.active().sparkContext());
    return factory(urls, tableId, execution == null ? "" : execution);
  }

  private SharingReaderFactory factory(SnapshotUrls urls, String tableId, String execution) {
    HttpSettings http = read.http();
    RpcUrlRefresher refresher = UrlRefreshEndpoint.of(SparkEnv.get()).refresher(urls, http);
    ScanSpec spec =
        new ScanSpec(
                schema.physical(data),
                partition,
                metadata,
                parquet,
                http,
                new SignedUrlAccess(refresher, http),
                timeZone,
                filters)
            .ofChanges(changes)
            .requiring(schema.notNull())
            .cachedAs(read.cachedAs(), tableId);
    return new SharingReaderFactory(
        schema.isAllOfFiles(data) ? spec.ofAllColumns() : spec,
        columnar,
        hadoop,
        execution,
        refresher);
  }
}
