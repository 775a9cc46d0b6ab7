/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * The store in which a table lies: its files, by their paths below the table's directory, decoded
 * and with slashes. One implementation for each kind of store. Safe for use by several threads.
 */
public interface TableStorage {
  /** What is known of a file without reading it; empty when there is none that can be looked at. */
  Optional<StoredFile> find(String path);

  /** The names of what is right in a directory; none when there is no such directory. */
  List<String> list(String directory) throws IOException;

  /** Reads a file. The caller closes it. */
  InputStream open(String path) throws IOException;

  /**
   * The path below the table's directory of an absolute one, by any name that the directory has;
   * empty when it is elsewhere.
   *
   * @param absolutePath decoded, without scheme and authority, and without steps up
   */
  Optional<String> relativize(String absolutePath);

  /** A URL that serves one file until it expires, without any other credential. */
  PresignedUrl sign(String path, UrlTerms terms);
}
