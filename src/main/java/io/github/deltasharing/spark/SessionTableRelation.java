/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.error.SharingErrors;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SQLContext;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.sources.BaseRelation;
import org.apache.spark.sql.sources.InsertableRelation;
import org.apache.spark.sql.types.StructType;

/**
 * A shared table as a relation of Spark's first data source API: what a table of the session
 * catalog ({@code CREATE TABLE ... USING deltaSharing}) becomes on Spark 3.5, and on any Spark
 * whose session catalog is another implementation than Spark's own. It holds the table of the
 * second API, by which {@link SessionTableRule} replaces it before anything is planned. Driver
 * only; immutable.
 */
final class SessionTableRelation extends BaseRelation implements InsertableRelation {
  private final SQLContext context;
  private final ReadOnlyTable table;
  private final Map<String, String> parameters;

  SessionTableRelation(SQLContext context, ReadOnlyTable table, Map<String, String> parameters) {
    this.context = context;
    this.table = table;
    this.parameters = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    this.parameters.putAll(parameters);
  }

  Table table() {
    return table;
  }

  @Override
  public SQLContext sqlContext() {
    return context;
  }

  @Override
  @SuppressWarnings("deprecation") // Spark's own callers still use it.
  public StructType schema() {
    return table.schema();
  }

  /** Where INSERT INTO ends, in every mode: shares are read-only. */
  @Override
  public void insert(Dataset<Row> data, boolean overwrite) {
    throw SharingErrors.readOnly(table.name());
  }

  /**
   * Equal for relations with the same options that read the same, so that what CACHE TABLE keeps is
   * found by later queries. Times among the options may be others in another zone.
   */
  @Override
  public boolean equals(Object o) {
    return o instanceof SessionTableRelation that
        && parameters.equals(that.parameters)
        && table.readsSameAs(that.table);
  }

  @Override
  public int hashCode() {
    return parameters.hashCode();
  }

  @Override
  public String toString() {
    return "SessionTableRelation[" + table.name() + "]";
  }
}
