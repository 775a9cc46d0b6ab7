/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import org.roaringbitmap.longlong.Roaring64NavigableMap;

/**
 * Deletion vectors as the Delta protocol has them ("Deletion Vector Format"), made by the Roaring
 * library itself.
 */
public final class DeletionVectorBytes {
  private static final int MAGIC = 1681511377;
  private static final String Z85 =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

  private DeletionVectorBytes() {}

  /** The bitmap alone, as it stands inline. */
  public static byte[] bitmap(long... rows) {
    return bitmap(Roaring64NavigableMap.bitmapOf(rows));
  }

  public static byte[] bitmap(Roaring64NavigableMap rows) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      out.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(MAGIC).array());
      rows.serializePortable(new DataOutputStream(out));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Length, bitmap and checksum, as they stand in a file. */
  public static byte[] framed(byte[] bitmap) {
    CRC32 crc = new CRC32();
    crc.update(bitmap);
    return ByteBuffer.allocate(bitmap.length + 8)
        .putInt(bitmap.length)
        .put(bitmap)
        .putInt((int) crc.getValue())
        .array();
  }

  /** A file of one vector: the format's version, then the vector at offset 1. */
  public static byte[] file(byte[] framed) {
    return ByteBuffer.allocate(framed.length + 1).put((byte) 1).put(framed).array();
  }

  /** Z85 text, the last block padded with zeros. */
  public static String z85(byte[] bytes) {
    ByteBuffer padded = ByteBuffer.allocate((bytes.length + 3) / 4 * 4).put(bytes).rewind();
    StringBuilder text = new StringBuilder();
    while (padded.hasRemaining()) {
      long block = padded.getInt() & 0xffffffffL;
      char[] chars = new char[5];
      for (int i = 4; i >= 0; i--) {
        chars[i] = Z85.charAt((int) (block % 85));
        block /= 85;
      }
      text.append(chars);
    }
    return text.toString();
  }
}
