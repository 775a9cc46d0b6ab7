package io.github.deltasharing.spark;

import io.github.deltasharing.parquet.ParquetSettings;
import io.github.deltasharing.read.ScanMetrics;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructType;

/** A scan that reads data files: what those of tables and of changes have in common. */
abstract class FileScan implements Scan {
  private final boolean columnar;
  private final String timeZone = SQLConf.get().sessionLocalTimeZone();
  private final PlanMetrics metrics = new PlanMetrics();

  /**
   * @param data the columns that are read from files
   */
  FileScan(StructType data) {
    this.columnar = ParquetSettings.vectorizes(SQLConf.get(), data);
  }

  @Override
  public final ColumnarSupportMode columnarSupportMode() {
    return columnar ? ColumnarSupportMode.SUPPORTED : ColumnarSupportMode.UNSUPPORTED;
  }

  @Override
  public final CustomMetric[] supportedCustomMetrics() {
    return Stream.of(ScanMetrics.all(), PlanMetrics.all())
        .flatMap(Arrays::stream)
        .toArray(CustomMetric[]::new);
  }

  @Override
  public final CustomTaskMetric[] reportDriverMetrics() {
    return metrics.values();
  }

  /** Makes readers, by the settings of now. */
  abstract ReaderFactories readerFactories();

  final boolean columnar() {
    return columnar;
  }

  /** The session's when the scan was planned: files are chosen and read by one zone. */
  final String timeZone() {
    return timeZone;
  }

  final PlanMetrics metrics() {
    return metrics;
  }
}
