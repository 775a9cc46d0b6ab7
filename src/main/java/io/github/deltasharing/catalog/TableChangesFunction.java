/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.catalog;

import io.github.deltasharing.compat.SessionCatalogs;
import io.github.deltasharing.error.CatalogErrors;
import io.github.deltasharing.options.ConfigOption;
import io.github.deltasharing.options.SharingOptions;
import io.github.deltasharing.spark.DeltaSharingProvider;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.connector.catalog.CatalogPlugin;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.TimestampType;
import scala.Option;

/**
 * {@code table_changes} and {@code table_changes_by_path}: what a call of them is replaced by, the
 * relation of a table's changes with the range as its options. Runs on the driver, during analysis;
 * immutable.
 */
final class TableChangesFunction {
  private final String name;
  private final boolean byPath;

  TableChangesFunction(String name, boolean byPath) {
    this.name = name;
    this.byPath = byPath;
  }

  String name() {
    return name;
  }

  /**
   * The relation for a call's arguments.
   *
   * @throws IllegalArgumentException if the arguments are not a table, a start and maybe an end, or
   *     the table is in no catalog of shares
   */
  LogicalPlan plan(scala.collection.Seq<Expression> given) {
    List<Expression> arguments = new ArrayList<>();
    for (int i = 0; i < given.length(); i++) {
      arguments.add(given.apply(i));
    }
    if (arguments.size() < 2 || arguments.size() > 3) {
      throw wrong("it has " + arguments.size() + " arguments");
    }
    Object table = value(arguments.get(0), "table");
    if (!(arguments.get(0).dataType() instanceof StringType)) {
      throw wrong("the table is no string");
    }
    Map<String, String> options = new HashMap<>();
    options.put(SharingOptions.READ_CHANGE_FEED.key(), "true");
    bound(
        arguments.get(1),
        "start",
        SharingOptions.STARTING_VERSION,
        SharingOptions.STARTING_TIMESTAMP,
        options);
    if (arguments.size() == 3) {
      bound(
          arguments.get(2),
          "end",
          SharingOptions.ENDING_VERSION,
          SharingOptions.ENDING_TIMESTAMP,
          options);
    }
    Table changes =
        byPath ? ofPath(table.toString(), options) : ofCatalog(table.toString(), options);
    return DataSourceV2Relation.create(changes, Option.empty(), Option.empty());
  }

  private void bound(
      Expression argument,
      String which,
      ConfigOption<?> version,
      ConfigOption<?> timestamp,
      Map<String, String> options) {
    Object value = value(argument, which);
    DataType type = argument.dataType();
    if (type instanceof LongType
        || type instanceof IntegerType
        || type instanceof ShortType
        || type instanceof ByteType) {
      options.put(version.key(), value.toString());
    } else if (type instanceof StringType) {
      options.put(timestamp.key(), value.toString());
    } else if (type instanceof TimestampType) {
      Instant instant = Instant.EPOCH.plus((Long) value, ChronoUnit.MICROS);
      options.put(timestamp.key(), instant.toString());
    } else if (type instanceof DateType) {
      options.put(timestamp.key(), LocalDate.ofEpochDay((Integer) value).toString());
    } else {
      throw wrong("the " + which + " is of type " + type.simpleString());
    }
  }

  private Object value(Expression argument, String which) {
    if (!argument.resolved() || !argument.foldable()) {
      throw wrong("the " + which + " is no constant");
    }
    Object value;
    try {
      value = argument.eval(null);
    } catch (RuntimeException e) {
      // Of the current time, which Spark sets when it optimises; or a cast that fails.
      throw wrong("the " + which + " is no constant that can be evaluated now: " + argument.sql());
    }
    if (value == null) {
      throw wrong("the " + which + " is NULL");
    }
    return value;
  }

  private static Table ofPath(String path, Map<String, String> options) {
    options.put(SharingOptions.PATH.key(), path);
    return new DeltaSharingProvider().getTable(null, null, options);
  }

  private Table ofCatalog(String table, Map<String, String> options) {
    String[] parts = parts(table);
    SessionCatalogs catalogs = SessionCatalogs.active();
    if (parts.length > 1 && catalogs.isRegistered(parts[0])) {
      String[] inside = Arrays.copyOfRange(parts, 1, parts.length);
      return changes(catalogs.catalog(parts[0]), table, new String[0], inside, options);
    }
    return changes(catalogs.current(), table, catalogs.currentNamespace(), parts, options);
  }

  private Table changes(
      CatalogPlugin catalog,
      String table,
      String[] namespace,
      String[] parts,
      Map<String, String> options) {
    if (!(catalog instanceof SharingCatalog)) {
      throw CatalogErrors.changesOfOther(name, table, catalog.name());
    }
    String[] path =
        parts.length > 1
            ? parts
            : Stream.concat(Arrays.stream(namespace), Arrays.stream(parts)).toArray(String[]::new);
    Identifier identifier =
        Identifier.of(Arrays.copyOfRange(path, 0, path.length - 1), path[path.length - 1]);
    try {
      return ((SharingCatalog) catalog).changes(identifier, options);
    } catch (NoSuchTableException e) {
      throw CatalogErrors.noTable(table, catalog.name(), e);
    }
  }

  /** By Spark's own parser. Its method is named by a Scala Seq, another class on Scala 2.13. */
  private String[] parts(String table) {
    try {
      Object parser = SparkSession.active().sessionState().sqlParser();
      scala.collection.Seq<?> parsed =
          (scala.collection.Seq<?>)
              parser
                  .getClass()
                  .getMethod("parseMultipartIdentifier", String.class)
                  .invoke(parser, table);
      String[] parts = new String[parsed.length()];
      for (int i = 0; i < parts.length; i++) {
        parts[i] = (String) parsed.apply(i);
      }
      return parts;
    } catch (ReflectiveOperationException e) {
      throw wrong("'" + table + "' is no name of a table");
    }
  }

  private IllegalArgumentException wrong(String why) {
    return CatalogErrors.tableChanges(
        name,
        why,
        byPath ? "<profile file>#<share>.<schema>.<table>" : "<catalog>.<share>.<schema>.<table>");
  }
}
