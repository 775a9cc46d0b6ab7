/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.listing.ScanUrls;
import io.github.deltasharing.read.FileScanTask;
import java.util.List;
import java.util.function.Predicate;

/** What a batch reads of which files. Lists them when it is first asked for them. Driver only. */
interface BatchFiles {
  /** Splits of whole files. */
  List<FileScanTask> splits();

  /** Those of the splits that are read; others are listed only for the sake of partitions' keys. */
  default Predicate<FileScanTask> wanted() {
    return split -> true;
  }

  /** Refreshes the files' URLs. */
  ScanUrls urls();

  /** Of the table that the files are from. */
  String tableId();

  /** The files between two offsets of a stream. */
  static BatchFiles of(List<FileScanTask> splits, ScanUrls urls, String tableId) {
    return new Planned(splits, urls, tableId);
  }

  /** Files that were found before. */
  record Planned(List<FileScanTask> splits, ScanUrls urls, String tableId) implements BatchFiles {
    /** Without the URLs. */
    @Override
    public String toString() {
      return "Planned[" + splits.size() + " splits]";
    }
  }
}
