/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.index;

import io.github.deltasharing.table.FileFacts;
import io.github.deltasharing.table.FileGroup;

/** Decides which files are wanted: many at once where that can be. */
public interface FileTest {
  /** What is decided of all files of a group. */
  enum Verdict {
    NONE,
    ALL,
    /** Each has to be tested. */
    EACH
  }

  Verdict test(FileGroup group);

  /** Whether a file is wanted. */
  boolean test(FileFacts file);
}
