package io.github.deltasharing.spark;

import io.github.deltasharing.client.QueryResult;
import io.github.deltasharing.parquet.ParquetSettings;
import io.github.deltasharing.read.FileMetadata;
import io.github.deltasharing.read.ScanMetrics;
import java.util.Objects;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One scan of a shared table: which columns are read. It asks the server once, however often Spark
 * asks for its batch, so that all of a plan's copies of it read the same snapshot. Driver only;
 * thread-safe.
 */
final class SharingScan implements Scan {
  private static final Logger LOG = LoggerFactory.getLogger(SharingScan.class);

  private final SharingTable table;
  private final StructType dataSchema;
  private final StructType partitionSchema;
  private final StructType metadataSchema;
  private final boolean columnar;
  private final Object planning = QuerySnapshots.planning();
  private QueryResult snapshot;

  SharingScan(
      SharingTable table,
      StructType dataSchema,
      StructType partitionSchema,
      StructType metadataSchema) {
    this.table = table;
    this.dataSchema = dataSchema;
    this.partitionSchema = partitionSchema;
    this.metadataSchema = metadataSchema;
    this.columnar = ParquetSettings.vectorizes(SQLConf.get(), dataSchema);
  }

  /** Data columns, then partition columns, then {@code _metadata}; Spark matches them by name. */
  @Override
  public StructType readSchema() {
    StructType columns = merged(dataSchema, partitionSchema);
    return metadataSchema.isEmpty()
        ? columns
        : columns.add(FileMetadata.COLUMN, metadataSchema, false);
  }

  private static StructType merged(StructType first, StructType second) {
    StructType all = first;
    for (var field : second.fields()) {
      all = all.add(field);
    }
    return all;
  }

  @Override
  public String description() {
    return DeltaSharingProvider.NAME + " " + table.name() + table.asOf().suffix();
  }

  @Override
  public Batch toBatch() {
    return new SharingBatch(this);
  }

  @Override
  public ColumnarSupportMode columnarSupportMode() {
    return columnar ? ColumnarSupportMode.SUPPORTED : ColumnarSupportMode.UNSUPPORTED;
  }

  @Override
  public CustomMetric[] supportedCustomMetrics() {
    return ScanMetrics.all();
  }

  SharingTable table() {
    return table;
  }

  StructType dataSchema() {
    return dataSchema;
  }

  StructType partitionSchema() {
    return partitionSchema;
  }

  StructType metadataSchema() {
    return metadataSchema;
  }

  boolean columnar() {
    return columnar;
  }

  /** The files to read, asked for at the first call. */
  synchronized QueryResult snapshot() {
    if (snapshot == null) {
      long start = System.nanoTime();
      QueryResult answer =
          QuerySnapshots.shared()
              .get(SparkSession.active(), planning, table.identity(), table::query);
      // Kept only when it fits: Spark may ask again after a failure.
      table.check(answer.table());
      snapshot = answer;
      LOG.info(
          "{} version {}: {} files listed in {} ms",
          table.name(),
          snapshot.table().version(),
          snapshot.files().size(),
          (System.nanoTime() - start) / 1_000_000);
    }
    return snapshot;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof SharingScan that
        && table.identity().equals(that.table.identity())
        && dataSchema.equals(that.dataSchema)
        && partitionSchema.equals(that.partitionSchema)
        && metadataSchema.equals(that.metadataSchema)
        && columnar == that.columnar;
  }

  @Override
  public int hashCode() {
    return Objects.hash(table.identity(), dataSchema, partitionSchema);
  }
}
