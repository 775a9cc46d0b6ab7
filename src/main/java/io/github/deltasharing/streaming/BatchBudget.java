/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.streaming;

import io.github.deltasharing.protocol.ChangeFile;
import java.util.List;

/** Counts what a batch may still read. Used for one batch, by one thread. */
final class BatchBudget {
  private long filesLeft;
  private long bytesLeft;

  BatchBudget(SharingReadLimit limit) {
    this.filesLeft = limit.maxFiles();
    this.bytesLeft = limit.maxBytes();
  }

  /** Whether nothing more comes into the batch. */
  boolean isFull() {
    return filesLeft <= 0 || bytesLeft <= 0;
  }

  /** Whether files may come into the batch, all or none; the first ones always may. */
  boolean admit(List<ChangeFile> files) {
    if (files.isEmpty()) {
      return true;
    }
    if (isFull()) {
      return false;
    }
    filesLeft -= files.size();
    for (ChangeFile change : files) {
      bytesLeft -= change.file().size();
    }
    return true;
  }
}
