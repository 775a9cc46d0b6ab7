/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.index;

import java.util.List;

/**
 * Some numbers, each as its distance from the least, in as few bytes as the farthest takes.
 * Immutable.
 */
final class Longs {
  private static final int HEADERS = 48;

  private final long least;
  private final int width;
  private final byte[] bytes;

  private Longs(long least, int width, byte[] bytes) {
    this.least = least;
    this.width = width;
    this.bytes = bytes;
  }

  static Longs of(List<Long> values) {
    long least = values.stream().mapToLong(Long::longValue).min().orElse(0);
    long most = values.stream().mapToLong(Long::longValue).max().orElse(0);
    // Unsigned; the difference of any two longs fits.
    int width = (Long.SIZE - Long.numberOfLeadingZeros(most - least) + Byte.SIZE - 1) / Byte.SIZE;
    byte[] bytes = new byte[width * values.size()];
    int at = 0;
    for (long value : values) {
      long rest = value - least;
      for (int i = 0; i < width; i++) {
        bytes[at++] = (byte) rest;
        rest >>>= Byte.SIZE;
      }
    }
    return new Longs(least, width, bytes);
  }

  long get(int index) {
    long distance = 0;
    int start = index * width;
    for (int i = start + width - 1; i >= start; i--) {
      distance = distance << Byte.SIZE | bytes[i] & 0xff;
    }
    return least + distance;
  }

  long heapBytes() {
    return HEADERS + (long) bytes.length;
  }
}
