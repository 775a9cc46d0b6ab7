/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.directory;

import io.github.deltasharing.error.DirectoryErrors;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.source.SourceException;
import java.io.IOException;

/**
 * Work on a table's log, whose failures come as those of a sharing server's responses, which the
 * floors above know: a refusal with its status, or what the store failed with. Stateless.
 */
final class LogReading {
  private static final int MOST_CAUSES = 20;

  private LogReading() {}

  /** Something that reads a log. */
  interface Work<T> {
    T run() throws IOException;
  }

  /**
   * Does some work.
   *
   * @param what is wanted, for messages
   */
  static <T> T of(String what, Work<T> work) {
    try {
      return work.run();
    } catch (SharingException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw failure(what, e);
    }
  }

  private static SharingException failure(String what, Exception failure) {
    Throwable cause = failure;
    for (int i = 0; cause != null && i < MOST_CAUSES; i++, cause = cause.getCause()) {
      if (cause instanceof SharingException said) {
        return said;
      }
    }
    if (!(failure instanceof SourceException refusal)) {
      return DirectoryErrors.unread(what, failure);
    }
    return switch (refusal.kind()) {
      case NOT_FOUND -> refused(what, refusal, 404, "RESOURCE_DOES_NOT_EXIST");
      case INVALID -> refused(what, refusal, 400, "INVALID_PARAMETER_VALUE");
      case UNSUPPORTED -> refused(what, refusal, 400, "UNSUPPORTED_OPERATION");
    };
  }

  private static SharingException refused(
      String what, SourceException refusal, int status, String code) {
    return DirectoryErrors.refusedByLog(what, refusal.getMessage(), status, code, refusal);
  }
}
