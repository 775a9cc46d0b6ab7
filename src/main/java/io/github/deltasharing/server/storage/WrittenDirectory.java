/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import io.github.deltasharing.source.ListedFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A directory of an object store that this server writes to. Paths are below it, with slashes. What
 * the store refuses is a {@link io.github.deltasharing.source.StoreException}. Safe for use by
 * several threads; the stores' owner closes what is open.
 */
public interface WrittenDirectory {
  /** Without a slash at its end. */
  URI location();

  /** Writes a file of this machine, some at a time if it is long; whole or not at all. */
  void put(String path, Path file) throws IOException;

  /** Writes a small file, whatever was there. */
  void put(String path, byte[] content) throws IOException;

  /**
   * Writes a small file if there is none.
   *
   * @return whether it is there with this content; else there is another one
   * @throws UnclearWriteException when that cannot be found out
   */
  boolean create(String path, byte[] content) throws IOException;

  /** Reads a file; empty when there is none. The caller closes it. */
  Optional<InputStream> open(String path) throws IOException;

  /**
   * All files below a directory, by their paths from there, in no order.
   *
   * @param from the least path that is wanted; empty for all
   */
  List<ListedFile> list(String directory, String from);

  /** Deletes files; one that is not there is fine. */
  void delete(Collection<String> paths);

  /** Ends what {@link #put} of a server that was stopped has begun, and not ended since. */
  void abortUploads(Instant before);

  /**
   * Finds out, once, whether the store is one that {@link #create} can rely on.
   *
   * @throws io.github.deltasharing.source.StoreException when it is not, or is away
   */
  void requireCreate() throws IOException;
}
