/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.client.auth.Login;
import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.error.SharingServerException;
import io.github.deltasharing.error.TransientSharingException;
import io.github.deltasharing.http.Failures;
import io.github.deltasharing.http.RetryAfter;
import io.github.deltasharing.protocol.ErrorResponse;
import io.github.deltasharing.protocol.codec.ErrorResponseCodec;
import io.github.deltasharing.protocol.codec.UntrustedJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Maps a response with an error status to an exception that says what failed, why, and what to do.
 * Stateless.
 */
final class ErrorMapper {
  private static final int MOST_BODY_BYTES = 1 << 16;

  /** The status is the error; its body is not worth a long wait. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  private ErrorMapper() {}

  /** Reads a response with an error status. */
  static SharingServerException map(RestRequest request, RestResponse response, Login login) {
    String errorCode = "";
    String message = "";
    String text = bodyText(request, response);
    JsonNode body = json(text);
    if (body != null && body.isObject()) {
      ErrorResponse error = ErrorResponseCodec.read(body);
      errorCode = error.errorCode();
      message = error.message();
    } else {
      message =
          text.stripLeading().startsWith("<")
              ? "an HTML page instead of the protocol's error"
              : text;
    }
    String code = response.quotable(errorCode);
    String requestId = response.quotable(response.header("x-request-id"));
    int status = response.status();
    String full =
        (SharingErrors.serverSaid(
                    request.what(),
                    login.host(),
                    status,
                    code,
                    response.quotable(message),
                    requestId)
                + " "
                + advice(request, status, login.origin()))
            .trim();
    return status == 429 || (status >= 500 && !(status == 500 && request.failureFinal()))
        ? new TransientSharingException(
            full, status, code, requestId, RetryAfter.millis(response.header("Retry-After")))
        : new SharingServerException(full, status, code, requestId);
  }

  private static String advice(RestRequest request, int status, String origin) {
    return switch (status) {
      case 400 ->
          request.asOf().isLatest() && request.ifRefused().equals(SharingErrors.ASK_FOR_HISTORY)
              ? "The server's text above says what it does not accept; no option requested it: give the text to the"
                  + " provider."
              : "Check the options of the read; the server's text above says what it does not accept. "
                  + request.ifRefused();
      case 401 ->
          "Check the token in the profile " + origin + ", or ask the provider for a new profile.";
      case 403 ->
          "Ask the provider to grant access to the recipient of the profile " + origin + ".";
      case 404 ->
          "Check the names (and the 'endpoint' of the profile "
              + origin
              + "), or ask the provider whether it is still shared.";
      case 407 -> Failures.PROXY_WANTS_SIGN_IN;
      case 429 -> "The server is busy: try later, or raise the option 'numRetries'.";
      default ->
          status >= 500
              ? "It failed on the server's side: try later, or give the provider the request id."
              : status >= 300 && status < 400
                  ? "Redirects are not followed, so that the token goes nowhere else: put the final URL into 'endpoint'"
                      + " of the profile "
                      + origin
                      + "."
                  : "";
    };
  }

  private static JsonNode json(String text) {
    try {
      return UntrustedJson.MAPPER.readTree(text);
    } catch (JsonProcessingException | IllegalStateException e) {
      return null;
    }
  }

  /** The part of the body that arrives in a short time; it may end within a character. */
  private static String bodyText(RestRequest request, RestResponse response) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      InputStream body = response.waitingAtMost(LONGEST_WAIT).body();
      byte[] buffer = new byte[8192];
      while (bytes.size() < MOST_BODY_BYTES) {
        int n = body.read(buffer, 0, Math.min(buffer.length, MOST_BODY_BYTES - bytes.size()));
        if (n < 0) {
          break;
        }
        bytes.write(buffer, 0, n);
      }
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw SharingErrors.interrupted(request.what());
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
