/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.index;

import java.util.HashSet;
import java.util.Set;

/** Files that some commits added or removed. Not thread-safe. */
public final class FileChanges {
  private final Set<FileKey> keys = new HashSet<>();

  /**
   * Notes a file.
   *
   * @param vector its deletion vector; null if it has none
   * @return whether it was not noted before
   */
  public boolean add(String relativePath, IndexedVector vector) {
    return keys.add(FileKey.of(relativePath, vector));
  }

  /** Notes all files of others. */
  public void addAll(FileChanges others) {
    keys.addAll(others.keys);
  }

  /** Whether a file was noted. */
  public boolean has(String relativePath, IndexedVector vector) {
    return keys.contains(FileKey.of(relativePath, vector));
  }

  Set<FileKey> keys() {
    return keys;
  }
}
