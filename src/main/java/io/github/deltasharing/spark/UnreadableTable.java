/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import java.util.Set;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.types.StructType;

/**
 * A table of the session catalog that could not be loaded. It fails with the reason when Spark asks
 * for its columns, as it does for every query; and does not fail where Spark only wants to know
 * that there is an entry, as for DROP TABLE. Driver only; immutable.
 */
final class UnreadableTable implements Table {
  private final RuntimeException reason;

  UnreadableTable(RuntimeException reason) {
    this.reason = reason;
  }

  @Override
  public String name() {
    return "unreadable";
  }

  @Override
  public StructType schema() {
    throw reason;
  }

  @Override
  public Set<TableCapability> capabilities() {
    return Set.of(TableCapability.BATCH_READ);
  }
}
