/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * The store in which a table lies: its files, by their paths below the table's directory, decoded
 * and with slashes. One implementation for each kind of store. A file that is not there is a {@link
 * java.io.FileNotFoundException}. Safe for use by several threads.
 */
public interface TableStorage {
  /** What is known of a file without reading it; empty when there is none that can be looked at. */
  Optional<StoredFile> find(String path);

  /**
   * The files right in a directory, in the order of their names; none when there is no such
   * directory.
   *
   * @param from the least name that is wanted; empty for all
   */
  List<ListedFile> list(String directory, String from) throws IOException;

  /** Reads a file from its start to its end. The caller closes it. */
  InputStream open(String path) throws IOException;

  /** Opens a file of which parts are read. The caller closes it. */
  PositionedInput openAt(String path) throws IOException;

  /**
   * The path below the table's directory of an absolute one, by any name that the directory has;
   * empty when it is elsewhere.
   *
   * @param absolute decoded, with the scheme in lower case, the authority if there is one, and
   *     without steps up: {@code file:/data/t/x} or {@code s3a://bucket/t/x}
   */
  Optional<String> relativize(String absolute);
}
