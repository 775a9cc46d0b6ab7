/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.error.SharingErrors;
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
 * for first; but not {@link TableCapability#BATCH_WRITE}, without which {@code df.write.save()} is
 * left to the provider's {@code createRelation} in every mode.
 */
interface ReadOnlyTable
    extends SupportsRead, SupportsWrite, SupportsDeleteV2, SupportsRowLevelOperations {
  @Override
  default Set<TableCapability> capabilities() {
    return Set.of(
        TableCapability.BATCH_READ,
        TableCapability.MICRO_BATCH_READ,
        TableCapability.V1_BATCH_WRITE,
        TableCapability.STREAMING_WRITE,
        TableCapability.TRUNCATE,
        TableCapability.OVERWRITE_BY_FILTER,
        TableCapability.OVERWRITE_DYNAMIC,
        TableCapability.ACCEPT_ANY_SCHEMA);
  }

  @Override
  default WriteBuilder newWriteBuilder(LogicalWriteInfo info) {
    throw SharingErrors.readOnly(name());
  }

  @Override
  default void deleteWhere(Predicate[] predicates) {
    throw SharingErrors.readOnly(name());
  }

  /** Where DELETE, UPDATE and MERGE end, by whatever name the table has. */
  @Override
  default RowLevelOperationBuilder newRowLevelOperationBuilder(RowLevelOperationInfo info) {
    throw SharingErrors.readOnly(name());
  }
}
