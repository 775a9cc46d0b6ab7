/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.listing;

import io.github.deltasharing.client.QueryResult;

/**
 * Lists the files of a scan again, for the sake of their URLs. Its text says what they are files
 * of. Driver only; used by one thread at a time.
 */
public interface ListingRefresh {
  /**
   * The planned files, with new URLs; executors name them by their ids here ({@link
   * io.github.deltasharing.storage.SharedFile#key}).
   *
   * @throws io.github.deltasharing.error.SharingException if they cannot be had
   */
  QueryResult refresh();

  /**
   * Sees to it that the table is still the one whose files were planned.
   *
   * @throws io.github.deltasharing.error.SharingException if another one took its place, or it
   *     cannot be read any more
   */
  void confirm();
}
