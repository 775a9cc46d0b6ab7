/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol;

/**
 * What a commit did with a file, in either format: a line of a response about changes. A snapshot's
 * lines are all of kind {@link Kind#ADD}.
 *
 * @param kind what was done
 * @param file the file; one that was removed may have size 0 and no partition values where the
 *     table's writer did not note them
 * @param dataChange whether the table's rows changed by it; false for a file that was only written
 *     anew
 */
public record ChangeFile(Kind kind, AddFile file, boolean dataChange) {
  /** The same with another end of its URL's life, epoch milliseconds. */
  public ChangeFile expiringAt(long time) {
    return new ChangeFile(kind, file.expiringAt(time), dataChange);
  }

  /** What a commit does with a file. */
  public enum Kind {
    /** Its rows came to the table. */
    ADD,
    /** Its rows left the table. */
    REMOVE,
    /** It contains changed rows, each with its {@code _change_type}. */
    CDC
  }
}
