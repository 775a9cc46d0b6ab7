/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import io.github.deltasharing.server.share.SharedTable;

/** Finds the store of a table by its location; further kinds of stores plug in here. */
@FunctionalInterface
public interface TableStorages {
  /** The store of a table; nothing is looked at yet. */
  SigningStorage of(SharedTable table);
}
