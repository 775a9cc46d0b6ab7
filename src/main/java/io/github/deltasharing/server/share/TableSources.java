/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.share;

import io.github.deltasharing.source.TableSource;

/** Opens shared tables; further table formats plug in here. Safe for use by several threads. */
@FunctionalInterface
public interface TableSources {
  /** The versions of a table; nothing is read yet. */
  TableSource open(SharedTable table);
}
