/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol.compact;

import java.io.ByteArrayOutputStream;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Some hundreds of texts that are alike, packed as {@link PackedText}s are, without an object for
 * each: a text is whole, or its difference from a whole one before it. Immutable, safe for use by
 * several threads.
 */
public final class PackedTexts {
  /** The most texts in one. */
  public static final int MOST = 1 << 15;

  private static final int HEADERS = 80;

  /** What there is of each text, one after the other. */
  private final byte[] bytes;

  private final int[] ends;

  /** Of each text, whose difference it is, itself if it is whole; null if it is the first's. */
  private final short[] baseOf;

  private PackedTexts(byte[] bytes, int[] ends, short[] baseOf) {
    this.bytes = bytes;
    this.ends = ends;
    this.baseOf = baseOf;
  }

  /**
   * Packs texts; empty if they would not come out as they went in: with half surrogate pairs.
   *
   * @param texts up to {@link #MOST}
   */
  public static Optional<PackedTexts> of(List<String> texts) {
    CharsetEncoder unicode = StandardCharsets.UTF_8.newEncoder();
    TextPacker packer = new TextPacker();
    Map<byte[], Integer> whole = new IdentityHashMap<>();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int[] ends = new int[texts.size()];
    short[] baseOf = new short[ends.length];
    boolean oneBase = true;
    for (int i = 0; i < ends.length; i++) {
      if (!unicode.canEncode(texts.get(i))) {
        return Optional.empty();
      }
      PackedText packed = packer.pack(PackedText.of(texts.get(i)));
      if (packed.difference() == null) {
        whole.put(packed.base(), i);
      }
      baseOf[i] = whole.get(packed.base()).shortValue();
      oneBase &= baseOf[i] == 0;
      bytes.writeBytes(packed.difference() == null ? packed.base() : packed.difference());
      ends[i] = bytes.size();
    }
    return Optional.of(new PackedTexts(bytes.toByteArray(), ends, oneBase ? null : baseOf));
  }

  /** One of the texts. */
  public String get(int index) {
    int base = baseOf == null ? 0 : baseOf[index];
    int start = start(index);
    if (base == index) {
      return new String(bytes, start, ends[index] - start, StandardCharsets.UTF_8);
    }
    return new String(
        PackedText.apply(bytes, start(base), bytes, start, ends[index]), StandardCharsets.UTF_8);
  }

  private int start(int index) {
    return index == 0 ? 0 : ends[index - 1];
  }

  /** About the memory that they take. */
  public long heapBytes() {
    return HEADERS
        + (long) bytes.length
        + (long) Integer.BYTES * ends.length
        + (baseOf == null ? 0 : (long) Short.BYTES * baseOf.length);
  }
}
