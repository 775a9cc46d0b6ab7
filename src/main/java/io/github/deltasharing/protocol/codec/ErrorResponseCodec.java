/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.protocol.ErrorResponse;

/** Writes and reads the body of a response with an error status. Stateless. */
public final class ErrorResponseCodec {
  private static final String ERROR_CODE = "errorCode";
  private static final String MESSAGE = "message";

  /** Catalogs of the field, which serve shares too, name it so. */
  private static final String ERROR_CODE_OF_CATALOGS = "error_code";

  private ErrorResponseCodec() {}

  /** The body as JSON. */
  public static ObjectNode write(ErrorResponse error) {
    return JsonNodeFactory.instance
        .objectNode()
        .put(ERROR_CODE, error.errorCode())
        .put(MESSAGE, error.message());
  }

  /** Reads a body; what it does not say is empty. */
  public static ErrorResponse read(JsonNode body) {
    return new ErrorResponse(
        body.path(ERROR_CODE).asText(body.path(ERROR_CODE_OF_CATALOGS).asText("")),
        body.path(MESSAGE).asText(""));
  }
}
