/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.directory;

/**
 * A directory of a kind that is not read here: the table may be readable by URLs. The message is a
 * clause that says why.
 */
final class UnsupportedDirectoryException extends Exception {
  private static final long serialVersionUID = 1L;

  UnsupportedDirectoryException(String reason) {
    super(reason);
  }
}
