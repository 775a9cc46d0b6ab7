/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.streaming;

import io.github.deltasharing.protocol.ChangeFile;
import java.util.List;

/**
 * A version as a stream reads it: its commit, or the table as of it. Immutable.
 *
 * @param version its number
 * @param listing the listing that it is from
 * @param files what is read of it, in its order
 * @param whole whether it is read in one batch or not at all
 */
record StreamedVersion(long version, FileListing listing, List<ChangeFile> files, boolean whole) {
  /** Those behind an index, up to another. */
  List<StreamFile> between(long after, long to) {
    long end = Math.min(files.size(), to == Long.MAX_VALUE ? to : to + 1);
    return files.subList((int) (after + 1), (int) Math.max(after + 1, end)).stream()
        .map(change -> new StreamFile(change, version, listing))
        .toList();
  }
}
