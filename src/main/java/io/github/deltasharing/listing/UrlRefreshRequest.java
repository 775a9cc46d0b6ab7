/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.listing;

import io.github.deltasharing.storage.url.UrlRefresher;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * What an executor wants of the driver: newer URLs of a file. Immutable.
 *
 * <p>It travels as bytes. Spark's RPC on executors was started before a jar given by {@code --jars}
 * was there, so it cannot load a class of ours; and it logs what it cannot deliver, where an array
 * of bytes discloses nothing.
 *
 * @param scan which scan, by the driver's name of it
 * @param fileId which of its files; null to have the scan's table confirmed
 * @param generation that of the newest URLs which the executor knows; without a file, which run of
 *     the query it is
 * @param refreshAt when these are due, by the driver's clock, or {@link UrlRefresher#REFUSED}
 */
record UrlRefreshRequest(String scan, String fileId, long generation, long refreshAt) {
  byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeUTF(scan);
      writeText(out, fileId);
      out.writeLong(generation);
      out.writeLong(refreshAt);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static UrlRefreshRequest of(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      return new UrlRefreshRequest(in.readUTF(), readText(in), in.readLong(), in.readLong());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a text of any length, which {@code writeUTF} cannot, or null. */
  static void writeText(DataOutputStream out, String text) throws IOException {
    if (text == null) {
      out.writeInt(-1);
      return;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static String readText(DataInputStream in) throws IOException {
    int length = in.readInt();
    return length < 0 ? null : new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }
}
