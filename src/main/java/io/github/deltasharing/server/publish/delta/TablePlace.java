/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.delta;

import io.github.deltasharing.source.ListedFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a table lies that versions are made of: its data files and its commits. Further stores plug
 * in here. Safe for use by several threads.
 */
public interface TablePlace {
  /** The table's directory. */
  URI location();

  /**
   * Takes data files, which no version has yet, from a directory of this machine. Should it fail,
   * none is left.
   */
  void take(Path staged, Collection<String> names) throws IOException;

  /** Deletes files by their paths below the table's directory. */
  void drop(Collection<String> names) throws IOException;

  /**
   * Makes a version of a table, whole or not at all.
   *
   * @param text the commit's actions, a line each
   * @throws java.nio.file.FileAlreadyExistsException when somebody else made it
   * @throws io.github.deltasharing.server.storage.UnclearWriteException when nobody knows whether
   *     it was made, or will be
   */
  void commit(long version, String text) throws IOException;

  /** A version's commit; empty when there is none. The caller closes it. */
  Optional<InputStream> open(long version) throws IOException;

  /**
   * The files of the log, in no order.
   *
   * @param from the least name that is wanted; empty for all
   */
  List<ListedFile> log(String from) throws IOException;

  /** Writes a checkpoint of a version; the table is whole without, and what fails is logged. */
  void checkpoint(long version);

  /** The path of a version's commit below the table's directory. */
  static String commitPath(long version) {
    return DeltaLog.DIRECTORY + String.format(Locale.ROOT, "/%020d.json", version);
  }
}
