/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol.codec;

/** A field that the protocol requires is absent. Stays inside this package. */
final class MissingFieldException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MissingFieldException(String object, String field) {
    super("'" + object + "' has no '" + field + "'");
  }
}
