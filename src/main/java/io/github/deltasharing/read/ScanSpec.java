/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.read;

import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.parquet.ParquetSettings;
import io.github.deltasharing.storage.CachingAccess;
import io.github.deltasharing.storage.FileAccess;
import java.io.Serializable;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.types.StructType;

/**
 * What all tasks of a scan have in common, besides Hadoop's configuration. Immutable; travels to
 * executors; holds no secret.
 */
public final class ScanSpec implements Serializable {
  private static final long serialVersionUID = 1L;

  private final StructType dataSchema;
  private final StructType partitionSchema;
  private final StructType metadataSchema;
  private final ParquetSettings parquet;
  private final HttpSettings http;
  private final FileAccess files;
  private final String sessionTimeZone;
  private final Filter[] dataFilters;
  private final ChangeColumns changes;
  private final boolean readsAll;
  private final StructType notNull;

  /**
   * @param dataSchema the columns read from files
   * @param partitionSchema the partition columns, which come after them
   * @param metadataSchema the fields of {@code _metadata} that are read, the last column; empty for
   *     none
   * @param files the way to the files' bytes
   * @param dataFilters pushed filters, about columns as {@code dataSchema} names them: parts quoted
   *     where needed, joined by dots. They are hints, Spark filters again
   */
  public ScanSpec(
      StructType dataSchema,
      StructType partitionSchema,
      StructType metadataSchema,
      ParquetSettings parquet,
      HttpSettings http,
      FileAccess files,
      String sessionTimeZone,
      Filter[] dataFilters) {
    this.dataSchema = dataSchema;
    this.partitionSchema = partitionSchema;
    this.metadataSchema = metadataSchema;
    this.parquet = parquet;
    this.http = http;
    this.files = files;
    this.sessionTimeZone = sessionTimeZone;
    this.dataFilters = dataFilters.clone();
    this.changes = ChangeColumns.NONE;
    this.readsAll = false;
    this.notNull = new StructType();
  }

  private ScanSpec(
      ScanSpec other,
      FileAccess files,
      ChangeColumns changes,
      boolean readsAll,
      StructType notNull) {
    this.dataSchema = other.dataSchema;
    this.partitionSchema = other.partitionSchema;
    this.metadataSchema = other.metadataSchema;
    this.parquet = other.parquet;
    this.http = other.http;
    this.sessionTimeZone = other.sessionTimeZone;
    this.dataFilters = other.dataFilters;
    this.files = files;
    this.changes = changes;
    this.readsAll = readsAll;
    this.notNull = notNull;
  }

  /** The same of changed rows, with the change columns. */
  public ScanSpec ofChanges(ChangeColumns columns) {
    return new ScanSpec(this, files, columns, readsAll, notNull);
  }

  /**
   * The same with its bytes in the executors' caches, where the settings want them there.
   *
   * @param table names it, the server and the recipient: what one server shares with one recipient
   *     is not taken for another's
   * @param tableId of the table that the files are from
   */
  public ScanSpec cachedAs(String table, String tableId) {
    return new ScanSpec(
        this, CachingAccess.of(files, table + "\n" + tableId, http), changes, readsAll, notNull);
  }

  /**
   * The same where files have no other columns than those read, so that their first bytes may be
   * requested before their footers are here.
   */
  public ScanSpec ofAllColumns() {
    return new ScanSpec(this, files, changes, dataFilters.length == 0, notNull);
  }

  /**
   * The same where files with nulls in certain columns are refused, read or not.
   *
   * @param columns of the table's data that are never null, as {@code dataSchema} has such
   */
  public ScanSpec requiring(StructType columns) {
    return new ScanSpec(this, files, changes, readsAll, columns);
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

  ChangeColumns changes() {
    return changes;
  }

  /** The columns read from a split's file: the type of change with them, where the file has it. */
  StructType fileSchema(FileScanTask split) {
    return hasTypeInFile(split) ? dataSchema.add(ChangeColumns.typeFieldOfFiles()) : dataSchema;
  }

  boolean hasTypeInFile(FileScanTask split) {
    return changes.hasType() && split.change() != null && split.change().type() == null;
  }

  /**
   * Whether each row's position in the file is read too, as a column behind the others of the file.
   */
  boolean needsPosition(FileScanTask split) {
    return split.rows() != null || new FileMetadata(metadataSchema).needsPosition();
  }

  ParquetSettings parquet() {
    return parquet;
  }

  HttpSettings http() {
    return http;
  }

  /** The way to the files' bytes. */
  FileAccess files() {
    return files;
  }

  /** Whether all of a file is read, as far as the driver knows. */
  boolean readsAll() {
    return readsAll;
  }

  /** Columns of the table's data that are never null, read or not. */
  StructType notNull() {
    return notNull;
  }

  String sessionTimeZone() {
    return sessionTimeZone;
  }

  Filter[] dataFilters() {
    return dataFilters.clone();
  }
}
