/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.read;

import io.github.deltasharing.storage.DeletionVectorRef;
import io.github.deltasharing.storage.SharedFile;
import io.github.deltasharing.storage.prefetch.ReadAhead;
import java.io.Serializable;
import java.util.function.Supplier;

/**
 * Which rows of a file are read: those that a deletion vector leaves alive, or those that one lists
 * and another does not. A class, not a record, for Kryo. Immutable; travels to executors.
 */
public final class RowSelection implements Serializable {
  private static final long serialVersionUID = 1L;

  private final boolean living;
  private final SharedFile file;
  private final DeletionVectorRef vector;
  private final SharedFile exceptFile;
  private final DeletionVectorRef except;

  private RowSelection(
      boolean living,
      SharedFile file,
      DeletionVectorRef vector,
      SharedFile exceptFile,
      DeletionVectorRef except) {
    this.living = living;
    this.file = file;
    this.vector = vector;
    this.exceptFile = exceptFile;
    this.except = except;
  }

  /**
   * The rows that are not deleted.
   *
   * @param file to which the vector belongs
   * @param deletions may be null, for no deleted rows
   * @return null for null: all rows
   */
  public static RowSelection living(SharedFile file, DeletionVectorRef deletions) {
    return deletions == null ? null : new RowSelection(true, file, deletions, null, null);
  }

  /**
   * The rows that one vector lists and another does not.
   *
   * @param file the listing of the data file to which the first vector belongs
   * @param exceptFile the listing of the same data file to which the other belongs
   * @param except may be null, for none
   */
  public static RowSelection listed(
      SharedFile file, DeletionVectorRef vector, SharedFile exceptFile, DeletionVectorRef except) {
    return new RowSelection(false, file, vector, exceptFile, except);
  }

  /** Asks for the vectors; what is returned waits for them, once. */
  Supplier<SelectedRows> load(ReadAhead ahead) {
    var first = ahead.deletions(vector, file);
    if (living) {
      return () -> SelectedRows.living(first.get());
    }
    if (except == null) {
      return () -> SelectedRows.listed(first.get());
    }
    var second = ahead.deletions(except, exceptFile);
    return () -> SelectedRows.listed(first.get().without(second.get()));
  }

  /** Whether only the vectors show if there is any such row. */
  boolean mayBeEmpty() {
    return except != null;
  }

  /** How many bytes of stores the vectors take. */
  long storedBytes() {
    return vector.storedBytes() + (except == null ? 0 : except.storedBytes());
  }

  @Override
  public String toString() {
    return "RowSelection[" + (living ? "all but " : "") + vector + "]";
  }
}
