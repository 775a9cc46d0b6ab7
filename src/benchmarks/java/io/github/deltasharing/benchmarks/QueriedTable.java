/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.benchmarks;

import java.io.IOException;
import java.net.URI;

/** A table of files with statistics that queries are asked of. Used by one thread. */
interface QueriedTable extends AutoCloseable {
  /** As a server's configuration has it. */
  URI location();

  /** Makes a new version, which has a file that the one before has not. */
  void commit() throws IOException;

  /** Takes the new versions back. */
  @Override
  void close() throws IOException;
}
