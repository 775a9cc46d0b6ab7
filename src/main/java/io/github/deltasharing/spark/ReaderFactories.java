/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.listing.RpcUrlRefresher;
import io.github.deltasharing.listing.ScanUrls;
import io.github.deltasharing.listing.UrlRefreshEndpoint;
import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.options.SharingOptions;
import io.github.deltasharing.parquet.ParquetSettings;
import io.github.deltasharing.read.ExecutionId;
import io.github.deltasharing.read.ScanSpec;
import io.github.deltasharing.read.SharingReaderFactory;
import io.github.deltasharing.storage.url.SignedUrlAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.util.SerializableConfiguration;
import scala.reflect.ClassTag;

/**
 * Makes factories of readers for one scan, by the session's settings of when the first is made: one
 * for a batch, one for each batch of a stream. Driver only; used by one thread.
 */
final class ReaderFactories {
  private static final Pattern SECRET =
      Pattern.compile(
          "(?i)secret|password|token|credential|(access|private|account|encryption|api)[._-]?key"
              + "|(^|[._-])sas[._-]"
              + "|^spark\\.(sql\\.catalog|datasource)\\.");

  private final LoadedTable table;
  private final ProjectedSchema columns;
  private final String timeZone;
  private final Filter[] filters;
  private final boolean columnar;
  private ParquetSettings parquet;
  private Broadcast<SerializableConfiguration> hadoop;

  /**
   * @param columns those that are read
   * @param filters pushed filters, as hints
   */
  ReaderFactories(
      LoadedTable table,
      ProjectedSchema columns,
      String timeZone,
      Filter[] filters,
      boolean columnar) {
    this.table = table;
    this.columns = columns;
    this.timeZone = timeZone;
    this.filters = filters.clone();
    this.columnar = columnar;
  }

  /**
   * A factory for files whose URLs are refreshed by {@code urls}.
   *
   * @param tableId of the table that they are from
   */
  SharingReaderFactory factory(ScanUrls urls, String tableId) {
    return factory(urls, tableId, null);
  }

  /** The same for a plan that Spark may run again after the run of now. */
  SharingReaderFactory ofPlan(ScanUrls urls, String tableId) {
    String execution = ExecutionId.ofDriver(SparkSession.active().sparkContext());
    return factory(urls, tableId, execution == null ? "" : execution);
  }

  private SharingReaderFactory factory(ScanUrls urls, String tableId, String execution) {
    readSettings();
    TableSchema schema = table.schema();
    HttpSettings http = table.storeHttp();
    RpcUrlRefresher refresher = UrlRefreshEndpoint.of(SparkEnv.get()).refresher(urls, http);
    ScanSpec spec =
        new ScanSpec(
                schema.physical(columns.data()),
                columns.partition(),
                columns.metadata(),
                parquet,
                http,
                new SignedUrlAccess(refresher, http),
                timeZone,
                filters)
            .ofChanges(columns.changes())
            .requiring(schema.notNull())
            .cachedAs(table.identity().cachedAs(), tableId);
    return new SharingReaderFactory(
        schema.isAllOfFiles(columns.data()) ? spec.ofAllColumns() : spec,
        columnar,
        hadoop,
        execution,
        refresher);
  }

  /**
   * Spark puts all confs of the session into Hadoop's, those of catalogs and credentials, too.
   * Executors need none of them, and none of those of file systems: they read signed URLs.
   */
  static void withoutSecrets(Configuration files) {
    List<String> secrets = new ArrayList<>();
    files.forEach(
        entry -> {
          if (SECRET.matcher(entry.getKey()).find()) {
            secrets.add(entry.getKey());
          }
        });
    secrets.forEach(files::unset);
  }

  private void readSettings() {
    if (hadoop == null) {
      SparkSession spark = SparkSession.active();
      Configuration files = spark.sessionState().newHadoopConf();
      withoutSecrets(files);
      ParquetSettings.configure(files, SQLConf.get(), table.schema().matchesById());
      ClassTag<SerializableConfiguration> tag = ClassTag.apply(SerializableConfiguration.class);
      parquet =
          ParquetSettings.of(
              SQLConf.get(),
              table.conf().get(SharingOptions.DATETIME_REBASE_MODE),
              table.conf().get(SharingOptions.INT96_REBASE_MODE));
      hadoop = spark.sparkContext().broadcast(new SerializableConfiguration(files), tag);
    }
  }
}
