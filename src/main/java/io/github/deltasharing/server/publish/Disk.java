/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish;

import io.github.deltasharing.server.error.ServerError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The disk that publications are on, some of whose room is left alone. Immutable, safe for use by
 * several threads.
 *
 * @param root the directory of all publications
 * @param reserve bytes that stay free
 */
record Disk(Path root, long reserve) {
  private static final int INSUFFICIENT_STORAGE = 507;

  void check() {
    check(0);
  }

  /**
   * Goes on if there is room.
   *
   * @throws ServerError 507 otherwise
   */
  void check(long bytes) {
    try {
      Files.createDirectories(root);
      long free = Files.getFileStore(root).getUsableSpace();
      if (free - bytes < reserve) {
        throw full(null);
      }
    } catch (IOException e) {
      throw refusal(e);
    }
  }

  /** What a sender is told of a failure of the disk. */
  static RuntimeException refusal(IOException failure) {
    if (isFull(failure)) {
      return full(failure);
    }
    return new IllegalStateException("A publication's files cannot be read or written", failure);
  }

  /** Whether it comes of a lack of room, whatever it is wrapped in. */
  static boolean isFull(Throwable failure) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
      if (text.contains("no space left") || text.contains("quota exceeded")) {
        return true;
      }
    }
    return false;
  }

  static ServerError full(Throwable cause) {
    return new ServerError(
        INSUFFICIENT_STORAGE,
        "RESOURCE_EXHAUSTED",
        "The server's disk has no room for this file. Nothing was published; ask who runs the"
            + " server",
        cause);
  }
}
