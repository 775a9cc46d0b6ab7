/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

/**
 * How users know a table. Immutable.
 *
 * @param name as it is in messages and plans
 * @param ofCatalog whether it is a name of a catalog, not of a path
 */
record TableLabel(String name, boolean ofCatalog) {
  static TableLabel ofPath(String name) {
    return new TableLabel(name, false);
  }

  static TableLabel ofCatalog(String name) {
    return new TableLabel(name, true);
  }
}
