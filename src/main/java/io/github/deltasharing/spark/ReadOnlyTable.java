/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.error.SharingErrors;
import java.util.EnumSet;
import java.util.Set;
import org.apache.spark.sql.connector.catalog.SupportsDeleteV2;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.SupportsRowLevelOperations;
import org.apache.spark.sql.connector.catalog.SupportsWrite;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.RowLevelOperationBuilder;
import org.apache.spark.sql.connector.write.RowLevelOperationInfo;
import org.apache.spark.sql.connector.write.WriteBuilder;

/**
 * A table that is read, and says so itself when it is written to: Spark's own messages would be
 * about capabilities and catalogs. For that it claims the capabilities of writing that Spark looks
 * for first. A path's table does not claim {@link TableCapability#BATCH_WRITE}, without which
 * {@code df.write.save()} is left to the provider's {@code createRelation} in every mode. A
 * catalog's table does not claim to accept any columns: UPDATE and MERGE would not be resolved
 * then, and fail in Spark. Driver only.
 */
abstract class ReadOnlyTable
    implements SupportsRead, SupportsWrite, SupportsDeleteV2, SupportsRowLevelOperations {
  private final LoadedTable table;
  private final TableLabel label;

  ReadOnlyTable(LoadedTable table, TableLabel label) {
    this.table = table;
    this.label = label;
  }

  final LoadedTable table() {
    return table;
  }

  @Override
  public final String name() {
    return label.name();
  }

  @Override
  public final Set<TableCapability> capabilities() {
    Set<TableCapability> capabilities =
        EnumSet.of(
            TableCapability.BATCH_READ,
            TableCapability.MICRO_BATCH_READ,
            TableCapability.V1_BATCH_WRITE,
            TableCapability.STREAMING_WRITE,
            TableCapability.TRUNCATE,
            TableCapability.OVERWRITE_BY_FILTER,
            TableCapability.OVERWRITE_DYNAMIC);
    capabilities.add(
        label.ofCatalog() ? TableCapability.BATCH_WRITE : TableCapability.ACCEPT_ANY_SCHEMA);
    return capabilities;
  }

  @Override
  public final WriteBuilder newWriteBuilder(LogicalWriteInfo info) {
    throw readOnly();
  }

  @Override
  public final void deleteWhere(Predicate[] predicates) {
    throw readOnly();
  }

  @Override
  public final RowLevelOperationBuilder newRowLevelOperationBuilder(RowLevelOperationInfo info) {
    throw readOnly();
  }

  private UnsupportedOperationException readOnly() {
    return SharingErrors.readOnly(name());
  }

  /** Which rows are read: which table and version, by whom and how. */
  Object readIdentity() {
    return table.readIdentity();
  }

  /** Whether the rows of the two are the same, so long as the shared table is. */
  final boolean readsSameAs(ReadOnlyTable that) {
    return getClass() == that.getClass() && readIdentity().equals(that.readIdentity());
  }

  /**
   * A catalog's tables are equal where they read the same: Spark finds what it cached of a table by
   * that. A path's are not: what is loaded again is read again.
   */
  @Override
  public final boolean equals(Object o) {
    return o == this
        || (label.ofCatalog()
            && o instanceof ReadOnlyTable that
            && label.equals(that.label)
            && readsSameAs(that));
  }

  @Override
  public final int hashCode() {
    return label.hashCode();
  }

  @Override
  public final String toString() {
    return getClass().getSimpleName() + "[" + name() + "]";
  }
}
