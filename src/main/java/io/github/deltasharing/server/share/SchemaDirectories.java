/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.share;

import java.net.URI;
import java.util.List;

/**
 * The tables in directories that are shared as schemas, looked for with each request. Safe for use
 * by several threads.
 */
public interface SchemaDirectories {
  /** The names of the tables right in a directory, in order; none if it cannot be looked at. */
  List<String> tables(URI directory);

  /** The name of one of them, found without regard to case; empty text if there is none. */
  String find(URI directory, String table);
}
