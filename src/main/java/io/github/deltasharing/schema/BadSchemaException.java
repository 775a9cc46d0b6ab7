/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.schema;

/** What is wrong with a schema, and where; becomes an error that names the table. */
final class BadSchemaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BadSchemaException(String message) {
    super(message, null, false, false);
  }
}
