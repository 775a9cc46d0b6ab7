/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.annotation.PublicApi;
import io.github.deltasharing.client.TableName;
import io.github.deltasharing.client.TablePath;
import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.options.ConfigOption;
import io.github.deltasharing.options.SharingOptions;
import io.github.deltasharing.options.SharingReadConf;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SQLContext;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.SessionConfigSupport;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.sources.BaseRelation;
import org.apache.spark.sql.sources.CreatableRelationProvider;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.sources.RelationProvider;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * The entry point: {@code
 * spark.read().format("deltaSharing").load("config.share#share.schema.table")}. Spark makes one for
 * each read and calls it for the schema, then for the table: both come from one metadata request.
 */
@PublicApi
public final class DeltaSharingProvider
    implements TableProvider,
        DataSourceRegister,
        SessionConfigSupport,
        CreatableRelationProvider,
        RelationProvider {
  /** The name of the source, and the prefix of its session options. */
  public static final String NAME = LoadedTable.SOURCE;

  private Table table;

  @Override
  public String shortName() {
    return NAME;
  }

  @Override
  public String keyPrefix() {
    return NAME;
  }

  @Override
  @SuppressWarnings("deprecation") // Spark's own callers still use it.
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    table = SessionTableEntry.is(options) ? loadEntry(options) : load(options);
    return table instanceof UnreadableTable ? new StructType() : table.schema();
  }

  @Override
  public Transform[] inferPartitioning(CaseInsensitiveStringMap options) {
    return table == null ? new Transform[0] : table.partitioning();
  }

  @Override
  public Table getTable(
      StructType schema, Transform[] partitioning, Map<String, String> properties) {
    return table == null ? load(new CaseInsensitiveStringMap(properties)) : table;
  }

  /** Where {@code df.write} ends, in every mode: shares are read-only. */
  @Override
  public BaseRelation createRelation(
      SQLContext context,
      SaveMode mode,
      scala.collection.immutable.Map<String, String> parameters,
      Dataset<Row> data) {
    SparkRelease.requireSupported();
    String path = parameters.getOrElse(SharingOptions.PATH.key(), () -> "");
    throw SharingErrors.readOnly(
        path.isBlank()
            ? "a shared table"
            : TablePath.plainName(path) == null ? TablePath.parse(path).table().toString() : path);
  }

  /**
   * Where a table of the session catalog leads on Spark 3.5, and on later ones whose session
   * catalog is not Spark's own.
   */
  @Override
  public BaseRelation createRelation(
      SQLContext context, scala.collection.immutable.Map<String, String> parameters) {
    SparkRelease.requireSupported();
    Map<String, String> options = new HashMap<>();
    scala.collection.Iterator<scala.Tuple2<String, String>> given = parameters.iterator();
    while (given.hasNext()) {
      scala.Tuple2<String, String> option = given.next();
      options.put(option._1(), option._2());
    }
    SparkSession session = context.sparkSession();
    SessionTableRule.install(session);
    SessionTableCache.guard(session);
    ReadOnlyTable loaded = load(new CaseInsensitiveStringMap(options));
    return new SessionTableRelation(context, loaded, options);
  }

  /** A table of the session catalog, as Spark 4 loads it for a query and for DROP alike. */
  private static Table loadEntry(CaseInsensitiveStringMap entry) {
    try {
      return load(SessionTableEntry.options(entry));
    } catch (RuntimeException e) {
      return new UnreadableTable(e);
    }
  }

  private static ReadOnlyTable load(CaseInsensitiveStringMap options) {
    SparkRelease.requireSupported();
    SharingReadConf conf = SessionReadConf.of(options.asCaseSensitiveMap());
    String path = conf.get(SharingOptions.PATH);
    if (path == null || path.isBlank()) {
      throw SharingErrors.missingOption(
          SharingOptions.PATH.key(),
          options.containsKey("paths")
              ? "load() got several paths, and a read is of one table; use union()"
              : "call load(\"<profile file>#<share>.<schema>.<table>\")");
    }
    if (!conf.credential().isEmpty()) {
      TableName table = TablePath.parseName(path, conf.credential().anOption());
      return TableLoader.of(conf.credential(), conf).load(table, conf);
    }
    ConfigOption<String> provider = ProfileProviders.option(conf);
    if (provider != null && TablePath.plainName(path) != null) {
      String origin = "of " + conf.get(provider).trim();
      return TableLoader.of("", origin, conf).load(TablePath.plainName(path), conf);
    }
    TablePath tablePath = TablePath.parse(path);
    return TableLoader.of(tablePath.profile(), tablePath.profile(), conf)
        .load(tablePath.table(), conf);
  }
}
