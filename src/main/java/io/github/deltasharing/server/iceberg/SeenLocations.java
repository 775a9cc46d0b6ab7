/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import java.util.Arrays;

/**
 * Which locations of files were there before, by 64 bits of each: sixteen bytes a file at most. Two
 * locations of the same bits are as good as none. Used by one thread.
 */
final class SeenLocations {
  private static final long PRIME = 1_099_511_628_211L;

  private long[] slots = new long[1 << 10];
  private int count;

  /** Whether the location is a new one. */
  boolean add(String location) {
    if (2 * count >= slots.length) {
      grow();
    }
    if (!place(slots, hash(location))) {
      return false;
    }
    count++;
    return true;
  }

  private void grow() {
    long[] larger = new long[2 * slots.length];
    Arrays.stream(slots).filter(hash -> hash != 0).forEach(hash -> place(larger, hash));
    slots = larger;
  }

  private static boolean place(long[] slots, long hash) {
    int i = (int) (hash ^ hash >>> 32) & (slots.length - 1);
    while (slots[i] != 0) {
      if (slots[i] == hash) {
        return false;
      }
      i = i + 1 & (slots.length - 1);
    }
    slots[i] = hash;
    return true;
  }

  /** FNV-1a, stirred; never 0, which is a free slot. */
  private static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * PRIME;
    }
    hash = (hash ^ hash >>> 31) * 0x7fb5d329728ea185L;
    hash ^= hash >>> 29;
    return hash == 0 ? 1 : hash;
  }
}
