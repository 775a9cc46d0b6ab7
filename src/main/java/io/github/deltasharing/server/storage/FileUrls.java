/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import io.github.deltasharing.protocol.FileIdScheme;

/**
 * The URLs and ids of one response's files. Immutable, safe for use by several threads.
 *
 * @param storage where the files are
 * @param terms of all URLs
 * @param ids how ids are made
 */
public record FileUrls(SigningStorage storage, UrlTerms terms, FileIdScheme ids) {
  public PresignedUrl sign(String relativePath) {
    return storage.sign(relativePath, terms);
  }

  /** The same for the same file in every response of every server. */
  public String id(String relativePath) {
    return ids.id(relativePath);
  }
}
