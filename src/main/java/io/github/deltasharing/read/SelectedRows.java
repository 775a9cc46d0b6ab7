/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.read;

import io.github.deltasharing.table.DeletionVector;

/**
 * A {@link RowSelection} whose vectors were read. Immutable.
 *
 * @param vector positions in the file
 * @param living whether the wanted rows are those that the vector does not list
 */
record SelectedRows(DeletionVector vector, boolean living) {
  static SelectedRows living(DeletionVector deletions) {
    return new SelectedRows(deletions, true);
  }

  static SelectedRows listed(DeletionVector vector) {
    return new SelectedRows(vector, false);
  }

  /** Whether no row of any file is among them. */
  boolean isEmpty() {
    return !living && vector.cardinality() == 0;
  }

  boolean contains(long position) {
    return living != vector.isDeleted(position);
  }

  /**
   * Lists which of a run of rows are among them.
   *
   * @param first position of the first row in the file
   * @param rows how many
   * @param selected receives their indexes in the run, ascending
   * @return how many they are
   */
  int select(long first, int rows, int[] selected) {
    return living ? vector.live(first, rows, selected) : vector.deleted(first, rows, selected);
  }
}
