/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.read.FileScanTask;
import io.github.deltasharing.streaming.StreamFile;
import java.util.List;

/** How the files of a stream are read: as a table's rows, or as changes. Driver only; stateless. */
interface StreamScanTasks {
  /** What is read of files, each a whole file; they belong to one batch. */
  List<FileScanTask> of(List<StreamFile> files);
}
