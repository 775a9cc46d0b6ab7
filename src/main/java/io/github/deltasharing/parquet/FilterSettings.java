/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import java.io.Serializable;
import org.apache.parquet.schema.MessageType;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFilters;
import org.apache.spark.sql.internal.SQLConf;

/**
 * Which predicates the session lets be pushed to Parquet's statistics. Immutable; a class, not a
 * record: it may travel through Kryo.
 */
final class FilterSettings implements Serializable {
  private static final long serialVersionUID = 1L;

  private final boolean enabled;
  private final boolean dates;
  private final boolean timestamps;
  private final boolean decimals;
  private final boolean strings;
  private final int inThreshold;
  private final boolean caseSensitive;

  FilterSettings(SQLConf conf) {
    this.enabled = conf.parquetFilterPushDown();
    this.dates = conf.parquetFilterPushDownDate();
    this.timestamps = conf.parquetFilterPushDownTimestamp();
    this.decimals = conf.parquetFilterPushDownDecimal();
    this.strings = conf.parquetFilterPushDownStringPredicate();
    this.inThreshold = conf.parquetFilterPushDownInFilterThreshold();
    this.caseSensitive = conf.caseSensitiveAnalysis();
  }

  boolean enabled() {
    return enabled;
  }

  /**
   * Spark's translation of filters into Parquet's.
   *
   * @param columns those of the file that filters may be about
   */
  ParquetFilters filters(MessageType columns, Footer footer) {
    return new ParquetFilters(
        columns,
        dates,
        timestamps,
        decimals,
        strings,
        inThreshold,
        caseSensitive,
        footer.datetime());
  }
}
