/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.http;

import io.github.deltasharing.server.error.ServerError;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/** What readers of requests' bodies have in common. Stateless. */
final class BodyChunks {
  private BodyChunks() {}

  /** The refusal of a body that is compressed, if it is. */
  static Optional<ServerError> refusal(Request request) {
    return request.getHeaders().contains(HttpHeader.CONTENT_ENCODING)
        ? Optional.of(
            new ServerError(
                415,
                ServerError.MALFORMED_REQUEST,
                "The request's body is compressed. Send it without Content-Encoding"))
        : Optional.empty();
  }

  /**
   * Hands over what has come of a body.
   *
   * @param late what to say where its bytes did not come in time
   * @return whether that was all of it
   */
  static boolean read(Request request, UploadBody.Sink sink, String late) throws Throwable {
    while (true) {
      Content.Chunk chunk = request.read();
      if (chunk == null) {
        return false;
      }
      if (Content.Chunk.isFailure(chunk)) {
        Throwable cause = chunk.getFailure();
        throw cause instanceof TimeoutException
            ? new ServerError(408, ServerError.MALFORMED_REQUEST, late, cause)
            : cause;
      }
      try {
        sink.write(chunk.getByteBuffer());
      } finally {
        chunk.release();
      }
      if (chunk.isLast()) {
        return true;
      }
    }
  }
}
