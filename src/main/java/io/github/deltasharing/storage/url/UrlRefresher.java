/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage.url;

import io.github.deltasharing.storage.SharedFile;
import java.io.Serializable;

/**
 * Where an executor, which has no credential, gets newer URLs from when those of a scan expire.
 * Used by several threads at once; travels to executors.
 */
public interface UrlRefresher extends Serializable {
  /** In place of the time when URLs are due: a store refused them. */
  long REFUSED = Long.MIN_VALUE;

  /** Names the scan in this JVM: the same file has URLs of its own in another scan. */
  String scan();

  /**
   * Newer URLs of a file.
   *
   * @param file a data file of the scan, or its deletion vector's: the URLs are for both
   * @param generation that of the newest URLs which the caller knows
   * @param refreshAt when those are due by the driver's clock, or {@link #REFUSED}
   * @return null where they turn out not to be due
   * @throws io.github.deltasharing.error.SharingException if there are none
   */
  RefreshedUrls refresh(SharedFile file, long generation, long refreshAt);
}
