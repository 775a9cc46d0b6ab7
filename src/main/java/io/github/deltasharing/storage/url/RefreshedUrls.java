/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage.url;

import io.github.deltasharing.storage.SharedFile;
import io.github.deltasharing.storage.SignedUrl;

/**
 * The URLs of one file from one listing: a secret. Immutable.
 *
 * @param file where the data is
 * @param vectors where its deletion vector is, or null where it has none in a file
 * @param refreshAt when to refresh them, epoch milliseconds; {@link SharedFile#NEVER} for not
 * @param generation which of the scan's listings they are from; the planned one is 0
 * @param fresh whether the files were listed for whoever gets this: if such a URL is refused, no
 *     other will do better
 */
public record RefreshedUrls(
    SignedUrl file, SignedUrl vectors, long refreshAt, long generation, boolean fresh) {
  /** Those that a file was planned with. */
  static RefreshedUrls planned(SharedFile file) {
    return new RefreshedUrls(file.url(), file.url(), file.refreshAt(), 0, false);
  }

  /** The same for somebody else than whom the files were listed for. */
  public RefreshedUrls reused() {
    return fresh ? new RefreshedUrls(file, vectors, refreshAt, generation, false) : this;
  }

  /** The one for a file, which is the data file or the one that its deletion vector is in. */
  SignedUrl of(SharedFile opened) {
    return opened.ofVectors() ? vectors : file;
  }

  boolean isDue(long now) {
    return now >= refreshAt;
  }

  /** Without the URLs. */
  @Override
  public String toString() {
    return "RefreshedUrls[generation=" + generation + "]";
  }
}
