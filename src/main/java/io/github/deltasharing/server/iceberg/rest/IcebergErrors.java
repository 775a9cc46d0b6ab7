/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.error.ServerError;

/** Writes refusals in the Iceberg REST protocol's form. Stateless. */
final class IcebergErrors {
  private IcebergErrors() {}

  /**
   * The body of a response.
   *
   * @param missing what clients are to take a 404 for
   */
  static ObjectNode body(ServerError error, String missing) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putObject("error")
        .put("message", error.getMessage())
        .put("type", type(error.status(), missing))
        .put("code", error.status());
    return body;
  }

  private static String type(int status, String missing) {
    return switch (status) {
      case 401 -> "NotAuthorizedException";
      case 403 -> "ForbiddenException";
      case 404 -> missing;
      case 405, 406 -> "UnsupportedOperationException";
      case 429 -> "TooManyRequestsException";
      case 503 -> "ServiceUnavailableException";
      default -> status < 500 ? "BadRequestException" : "ServiceFailureException";
    };
  }
}
