/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish;

import io.github.deltasharing.server.error.ServerError;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A file that was compressed by gzip, which its first bytes say. It is inflated as long as the
 * result is within limits. Immutable.
 *
 * @param path where it is
 * @param mostBytes how long the result may be
 * @param disk where it is put
 */
record GzipFile(Path path, long mostBytes, Disk disk) {
  private static final int BUFFER = 1 << 16;
  private static final long CHECK_EVERY = 8L << 20;

  /** So much more of the result than of the file is no table; below the free bytes it may be. */
  private static final long MOST_TIMES = 500;

  private static final long FREE = 64L << 20;

  boolean isCompressed() throws IOException {
    try (InputStream bytes = Files.newInputStream(path)) {
      byte[] start = bytes.readNBytes(2);
      return start.length == 2 && (start[0] & 0xff) == 0x1f && (start[1] & 0xff) == 0x8b;
    }
  }

  /**
   * Writes what is in it.
   *
   * @return how many bytes that is
   * @throws ServerError 400 when it is damaged, 413 when the result is too long
   */
  long inflate(Path target, Runnable alive) throws IOException {
    long compressed = Files.size(path);
    long bytes = 0;
    long checkAt = CHECK_EVERY;
    byte[] buffer = new byte[BUFFER];
    try (InputStream file = Files.newInputStream(path);
        InputStream inflated = inflater(file);
        OutputStream out = Files.newOutputStream(target)) {
      for (int read = read(inflated, buffer); read >= 0; read = read(inflated, buffer)) {
        bytes += read;
        if (bytes > mostBytes) {
          throw Uploads.tooLong("once it is inflated ", mostBytes);
        }
        if (bytes > FREE && bytes / MOST_TIMES > compressed) {
          throw ServerError.invalid(
              "The file is more than %d times as long once it is inflated. Send it uncompressed"
                  .formatted(MOST_TIMES));
        }
        if (bytes >= checkAt) {
          checkAt = bytes + CHECK_EVERY;
          disk.check();
          alive.run();
        }
        out.write(buffer, 0, read);
      }
    }
    return bytes;
  }

  private static InputStream inflater(InputStream file) throws IOException {
    try {
      return new GZIPInputStream(file, BUFFER);
    } catch (ZipException | EOFException e) {
      throw damaged(e);
    }
  }

  private static int read(InputStream inflated, byte[] buffer) throws IOException {
    try {
      return inflated.read(buffer);
    } catch (ZipException | EOFException e) {
      throw damaged(e);
    }
  }

  private static ServerError damaged(IOException cause) {
    return new ServerError(
        400,
        ServerError.INVALID_PARAMETER_VALUE,
        "The file is compressed by gzip, and damaged or cut off. Compress it again",
        cause);
  }
}
