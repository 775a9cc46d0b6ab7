/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.index;

/**
 * What distinguishes a file of a version from others.
 *
 * @param relativePath below the table's directory, decoded
 * @param vectorId of its deletion vector; empty if it has none
 */
record FileKey(String relativePath, String vectorId) {
  static FileKey of(String relativePath, IndexedVector vector) {
    return new FileKey(relativePath, vector == null ? "" : vector.id());
  }
}
