/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol.compact;

import java.util.ArrayList;
import java.util.List;

/**
 * Packs texts that come one after the other and are alike: each by its difference from one that
 * came before. Which ones those are adapts itself: where a long part changes for good (another
 * security token), or a kind of text alternates with another, another base is taken. Not
 * thread-safe.
 */
public final class TextPacker {
  private static final int MOST_BASES = 4;

  private final List<byte[]> bases = new ArrayList<>();
  private final DifferenceWriter writer = new DifferenceWriter();
  private int usual = Integer.MAX_VALUE;
  private int excess;

  /**
   * @param text may become a base
   */
  public PackedText pack(PackedText text) {
    byte[] bytes = text.bytes();
    byte[] difference = null;
    int found = -1;
    for (int i = 0; i < bases.size() && (i == 0 || !isUsual(difference)); i++) {
      int most = difference == null ? bytes.length : difference.length;
      byte[] other = writer.difference(bases.get(i), bytes, most);
      found = other == null ? found : i;
      difference = other == null ? difference : other;
    }
    if (difference == null || isCostly(difference.length, bytes.length)) {
      bases.add(0, bytes);
      if (bases.size() > MOST_BASES) {
        bases.remove(MOST_BASES);
      }
      excess = 0;
      return new PackedText(bytes, null);
    }
    // The last one used is tried first.
    byte[] base = bases.get(found);
    if (found > 0) {
      bases.add(0, bases.remove(found));
    }
    return new PackedText(base, difference);
  }

  private boolean isUsual(byte[] difference) {
    return difference != null && difference.length <= limit();
  }

  private long limit() {
    return usual + usual / 4L + Long.BYTES;
  }

  /** Whether what differences take more than usual has come to what another base takes. */
  private boolean isCostly(int length, int base) {
    excess = (int) Math.max(0, excess + length - limit());
    // What is usual is soon less, and slowly more.
    usual = length <= usual ? length + (usual - length) / 2 : usual + (length - usual) / 64;
    return excess > base;
  }
}
