/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.listing;

import io.github.deltasharing.client.ChangesResult;
import io.github.deltasharing.client.QueryResult;

/**
 * Lists the files that a read of one table has to read: those of a snapshot, or those that commits
 * added, removed or wrote changed rows to. Each listing comes with the life of its URLs and the way
 * to refresh them. The one seam between a read and where its file list comes from: {@link
 * RestFileLister} calls the sharing server.
 *
 * <p>Driver only; thread-safe; nobody closes it. All methods throw {@link
 * io.github.deltasharing.error.SharingException} where the list cannot be had.
 */
public interface FileLister {
  /** The files of one version that may have wanted rows. */
  Listed<QueryResult> snapshot(SnapshotRequest request);

  /** What the commits of a range did with files, all of them. */
  Listed<ChangesResult> changes(CommitsRequest request);

  /**
   * When a version was committed.
   *
   * @param snapshot the files of that version, which may say it
   * @return epoch milliseconds, or null where that is not known
   */
  Long commitTime(QueryResult snapshot, long version);
}
