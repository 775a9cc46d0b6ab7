/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage.url;

import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.storage.FileAccess;
import io.github.deltasharing.storage.IoStats;
import io.github.deltasharing.storage.RangeReader;
import io.github.deltasharing.storage.SharedFile;

/**
 * Reads files over the signed URLs that the sharing server listed them with. A class, not a record,
 * for Kryo. Immutable.
 */
public final class SignedUrlAccess implements FileAccess {
  private static final long serialVersionUID = 1L;

  private final UrlRefresher refresher;
  private final HttpSettings http;

  /**
   * @param refresher gives newer URLs than the planned ones; null where none can be had
   */
  public SignedUrlAccess(UrlRefresher refresher, HttpSettings http) {
    this.refresher = refresher;
    this.http = http;
  }

  @Override
  public RangeReader open(SharedFile file, IoStats stats) {
    return new SignedUrlReader(file, new RefreshableUrl(file, refresher, stats), http, stats);
  }

  @Override
  public String toString() {
    return "SignedUrlAccess[" + refresher + "]";
  }
}
