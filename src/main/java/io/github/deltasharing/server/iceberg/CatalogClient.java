/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import java.util.List;
import java.util.Optional;

/** Where a catalog has the newest metadata of its tables. Safe for use by several threads. */
interface CatalogClient extends AutoCloseable {
  /**
   * Asks the catalog, which may take its time.
   *
   * @param namespace outermost first
   * @return the location of the file; empty if there is no such table
   */
  Optional<String> metadata(List<String> namespace, String table) throws Exception;

  @Override
  void close();
}
