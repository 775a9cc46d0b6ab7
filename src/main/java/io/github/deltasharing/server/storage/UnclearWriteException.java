/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import java.io.IOException;

/**
 * A write of which nobody knows whether the store has made it, or will yet. The message is whole
 * and without secrets.
 */
public final class UnclearWriteException extends IOException {
  private static final long serialVersionUID = 1L;

  UnclearWriteException(String message, Throwable cause) {
    super(message, cause);
  }
}
