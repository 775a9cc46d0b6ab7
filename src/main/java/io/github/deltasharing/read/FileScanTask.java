/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.read;

import io.github.deltasharing.storage.DeletionVectorRef;
import io.github.deltasharing.storage.SharedFile;
import java.io.Serializable;

/**
 * A byte range of a shared file, whose row groups one task reads, and the file's partition values.
 * Immutable; travels to executors.
 */
public final class FileScanTask implements Serializable {
  private static final long serialVersionUID = 1L;

  private final SharedFile file;
  private final long start;
  private final long length;
  private final String[] partitionValues;
  private final RowSelection rows;
  private final RowChange change;
  private final Long modificationTime;

  /**
   * @param start first byte; row groups whose middle lies in the range belong to it
   * @param length in bytes
   * @param partitionValues as on the wire, in the order of the scan's partition columns; null for
   *     null
   * @param deletions the file's deleted rows, or null
   */
  public FileScanTask(
      SharedFile file,
      long start,
      long length,
      String[] partitionValues,
      DeletionVectorRef deletions) {
    this(file, start, length, partitionValues, RowSelection.living(file, deletions), null, null);
  }

  private FileScanTask(
      SharedFile file,
      long start,
      long length,
      String[] partitionValues,
      RowSelection rows,
      RowChange change,
      Long modificationTime) {
    this.modificationTime = modificationTime;
    this.file = file;
    this.start = start;
    this.length = length;
    this.partitionValues = partitionValues;
    this.rows = rows;
    this.change = change;
  }

  /**
   * A whole file of changed rows.
   *
   * @param partitionValues as for the constructor
   * @param rows which of its rows changed, or null for all
   */
  public static FileScanTask ofChange(
      SharedFile file, String[] partitionValues, RowSelection rows, RowChange change) {
    return new FileScanTask(file, 0, file.size(), partitionValues, rows, change, null);
  }

  public SharedFile file() {
    return file;
  }

  public long start() {
    return start;
  }

  public long length() {
    return length;
  }

  /** As on the wire, in the order of the scan's partition columns; null for null. */
  public String[] partitionValues() {
    return partitionValues;
  }

  /** Which of its rows are read, or null for all. */
  RowSelection rows() {
    return rows;
  }

  /** The commit that changed the rows; null where they are a table's, not changes. */
  public RowChange change() {
    return change;
  }

  /** A part of this split. */
  public FileScanTask part(long partStart, long partLength) {
    return new FileScanTask(
        file, partStart, partLength, partitionValues, rows, change, modificationTime);
  }

  /** The same with the time when its file was written, epoch milliseconds; null for unknown. */
  public FileScanTask modifiedAt(Long time) {
    return new FileScanTask(file, start, length, partitionValues, rows, change, time);
  }

  /** When its file was written, epoch milliseconds; null where it is not known or not needed. */
  Long modificationTime() {
    return modificationTime;
  }

  @Override
  public String toString() {
    return "FileScanTask[" + file.id() + ", bytes " + start + " to " + (start + length) + "]";
  }
}
