/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * A set of paths that takes eight bytes for each. A path that is not in it seems to be with the
 * chance of one in 2^64 for each that is, and nobody finds out which one does: the hashes depend on
 * a secret of this JVM. Filled by one thread; then safe for use by several.
 */
final class PathHashes {
  private static final byte[] SECRET = new byte[32];

  static {
    new SecureRandom().nextBytes(SECRET);
  }

  private long[] hashes = new long[16];
  private int count;

  void add(String path) {
    if (count == hashes.length) {
      hashes = Arrays.copyOf(hashes, count + (count >> 1));
    }
    hashes[count++] = hash(path);
  }

  int size() {
    return count;
  }

  /** To be called once, after the last path was added. */
  PathHashes sorted() {
    hashes = Arrays.copyOf(hashes, count);
    Arrays.sort(hashes);
    return this;
  }

  boolean contains(String path) {
    return Arrays.binarySearch(hashes, hash(path)) >= 0;
  }

  private static long hash(String path) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(SECRET);
      return ByteBuffer.wrap(digest.digest(path.getBytes(StandardCharsets.UTF_8))).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This JVM has no SHA-256", e);
    }
  }
}
