/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import io.github.deltasharing.source.TableStorage;

/**
 * The store of a shared table, which can give recipients URLs of its files. One implementation for
 * each kind of store. Safe for use by several threads.
 */
public interface SigningStorage extends TableStorage {
  /** A URL that serves one file until it expires, without any other credential. */
  PresignedUrl sign(String path, UrlTerms terms);
}
