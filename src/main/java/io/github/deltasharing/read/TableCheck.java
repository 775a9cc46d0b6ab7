/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.read;

import java.io.Serializable;

/**
 * Makes sure, from an executor, that the table which a scan was planned for is still the same.
 * Travels to executors; thread-safe.
 */
@FunctionalInterface
public interface TableCheck extends Serializable {
  /**
   * Has the driver look.
   *
   * @param execution names the run of the query: one request to the server for each
   * @param table {@code share.schema.table}, for messages
   * @throws io.github.deltasharing.error.SharingException if another table took its place, or it
   *     cannot be read any more
   */
  void confirm(long execution, String table);
}
