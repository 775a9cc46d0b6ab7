/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.index;

import io.github.deltasharing.source.TableSnapshot;
import java.util.Optional;

/** A version of a table whose files may be in memory. */
public interface IndexedSnapshot extends TableSnapshot {
  /**
   * The same files, if they are in memory, for whoever wants some of them. The caller closes it.
   * Where they are not, a reading of {@link #files()} to its end may bring them there.
   */
  Optional<IndexedFiles> index();

  /** The same of any version. */
  static Optional<IndexedFiles> index(TableSnapshot snapshot) {
    return snapshot instanceof IndexedSnapshot indexed ? indexed.index() : Optional.empty();
  }
}
