/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import io.github.deltasharing.error.FileErrors;
import io.github.deltasharing.storage.ClaimLimits;
import io.github.deltasharing.storage.PrimedFile;
import io.github.deltasharing.storage.SharedFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.FSDataInputStream;

/**
 * Looks at a file's footer before Parquet does, which believes it: how long it is, and what it
 * claims. Static.
 */
final class FooterCheck {
  /** The footer's length and the magic word behind it. */
  private static final int END_BYTES = 8;

  /** That and the word at the file's start. */
  private static final int LEAST_BYTES = 12;

  private static final int PIECE_BYTES = 32 << 10;

  private FooterCheck() {}

  /**
   * The footer's length in the file, with that of what follows it.
   *
   * @throws io.github.deltasharing.error.SharingException if it cannot be a footer
   */
  static long bytes(PrimedFile file, ClaimLimits limits) throws IOException {
    long size = file.file().size();
    if (size < LEAST_BYTES) {
      throw notParquet(file, "too few for a file");
    }
    try (FSDataInputStream in = file.newStream()) {
      byte[] end = new byte[END_BYTES];
      in.seek(size - END_BYTES);
      in.readFully(end);
      String magic = new String(end, 4, 4, StandardCharsets.ISO_8859_1);
      if (!magic.equals("PAR1") && !magic.equals("PARE")) {
        throw notParquet(file, "not ended like a file");
      }
      long length = Integer.toUnsignedLong(littleEndian(end));
      if (length > size - LEAST_BYTES) {
        throw bad(file, "its footer claims " + length + " bytes, of a file of " + size + " bytes");
      }
      if (length > limits.metadata()) {
        throw bad(
            file,
            "its footer claims "
                + length
                + " bytes, over the limit of "
                + limits.metadata()
                + " bytes for this heap");
      }
      long start = size - END_BYTES - length;
      // What is before the tail comes by one request, not piece by piece.
      file.keep(new PrimedFile.Range(start, size - END_BYTES));
      walk(file, in, start, length, limits);
      return length + END_BYTES;
    }
  }

  private static void walk(
      PrimedFile file, FSDataInputStream in, long start, long length, ClaimLimits limits)
      throws IOException {
    // Encrypted footers start with a struct too, that says how.
    ThriftWalk walk = new ThriftWalk(length, limits.parsed(), (depth, outer, field, value) -> {});
    byte[] piece = new byte[(int) Math.min(length, PIECE_BYTES)];
    in.seek(start);
    try {
      for (long left = length; left > 0 && !walk.isDone(); ) {
        int n = in.read(piece, 0, (int) Math.min(piece.length, left));
        if (n < 0) {
          throw new EOFException("the file ends in its footer");
        }
        walk.feed(piece, 0, n);
        left -= n;
      }
    } catch (ThriftWalk.Claim e) {
      throw bad(file, "its footer is broken: " + e.getMessage());
    }
  }

  private static int littleEndian(byte[] b) {
    return b[0] & 0xff | (b[1] & 0xff) << 8 | (b[2] & 0xff) << 16 | (b[3] & 0xff) << 24;
  }

  private static RuntimeException notParquet(PrimedFile file, String why) {
    return bad(
        file,
        "the "
            + file.file().size()
            + " bytes that the server promised are "
            + why
            + ", so that it is damaged or its length in the table's log is wrong");
  }

  /** The failure for a file with types that are newer than this Spark's Parquet. */
  static RuntimeException unknownType(PrimedFile file, Exception cause) {
    SharedFile shared = file.file();
    return FileErrors.file(
        shared.table(),
        shared.id(),
        shared.url().host(),
        "it has a type that this Spark's Parquet does not know, such as variants as Spark 4.1 and later mark them",
        "Read it with Spark 4.1 or later.",
        cause);
  }

  /** The failure for what cannot be right, which another try is not to get from a cache. */
  static RuntimeException bad(PrimedFile file, String reason) {
    SharedFile shared = file.file();
    file.distrust();
    return FileErrors.file(
        shared.table(),
        shared.id(),
        shared.url().host(),
        "it cannot be read as Parquet: " + reason,
        "Tell the provider.",
        null);
  }
}
