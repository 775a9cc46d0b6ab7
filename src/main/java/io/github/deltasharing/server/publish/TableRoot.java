/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish;

import io.github.deltasharing.server.publish.delta.TablePlace;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The directory of publications' tables, wherever it is. A table that no publication names yet, or
 * no longer, has a note: what a server leaves that is stopped in between is found by it, and tables
 * that somebody keeps without a publication are left alone. Safe for use by several threads.
 */
interface TableRoot {
  /** Refuses a store that tables cannot be made in. */
  void check() throws IOException;

  /** Where the table of a new publication is put. */
  URI table(String id, String name);

  TablePlace place(URI location);

  /** Notes what is about to be written, or deleted. */
  void begin(Intent intent) throws IOException;

  /** It is done: nothing is left of it. What fails here is done by a sweep. */
  void end(Intent intent);

  /** Deletes a table, the lines that were set aside, and the note of it. */
  void purge(Intent intent);

  /** Keeps the lines of a publication's latest file that were set aside, or that there are none. */
  void keepAside(String id, Path aside, boolean any);

  /** The lines that were set aside of a publication's latest file. The caller closes them. */
  Optional<InputStream> setAside(String id) throws IOException;

  /**
   * Deletes what a server left that was stopped while it published or deleted.
   *
   * @param published whether there is a publication of this id
   */
  void sweep(Instant now, Predicate<String> published) throws IOException;
}
