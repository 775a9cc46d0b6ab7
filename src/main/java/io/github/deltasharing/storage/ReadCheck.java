/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage;

/**
 * Sees the bytes of a file before its reader does, and fails where they claim more than can be
 * right: a reader believes a size at once, and allocates it. Used by the file's thread.
 */
@FunctionalInterface
public interface ReadCheck {
  /**
   * Sees bytes that the reader is about to get.
   *
   * @param position where in the file they are from
   * @throws io.github.deltasharing.error.SharingException if they cannot be right
   */
  void see(long position, byte[] bytes, int offset, int length);
}
