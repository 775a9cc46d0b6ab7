/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.pushdown;

import io.github.deltasharing.protocol.AddFile;
import java.util.List;

/**
 * The files that a scan has to read, and how many of those that the server listed it need not.
 *
 * @param files to be read
 * @param listed by the server
 * @param skippedByPartition for their partition values
 * @param skippedByStatistics for their statistics
 * @param skippedByLimit because others have enough rows
 */
public record PrunedFiles(
    List<AddFile> files,
    int listed,
    int skippedByPartition,
    int skippedByStatistics,
    int skippedByLimit) {

  /** Without the files, whose URLs are secrets. */
  @Override
  public String toString() {
    return "PrunedFiles[" + files.size() + " of " + listed + "]";
  }
}
