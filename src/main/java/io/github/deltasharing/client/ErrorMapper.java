package io.github.deltasharing.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.error.SharingServerException;
import io.github.deltasharing.error.TransientSharingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/** Turns an error status into an exception that says what, why and what to do. Stateless. */
final class ErrorMapper {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_BODY_BYTES = 1 << 16;

  private ErrorMapper() {}

  /** Reads an error answer. */
  static SharingServerException map(
      RestRequest request, RestAnswer answer, String origin, String host) {
    String errorCode = "";
    String message = "";
    String text = bodyText(answer);
    try {
      JsonNode body = JSON.readTree(text);
      if (body != null && body.isObject()) {
        errorCode = body.path("errorCode").asText(body.path("error_code").asText(""));
        message = body.path("message").asText("");
      }
    } catch (JsonProcessingException e) {
      message =
          text.stripLeading().startsWith("<") ? "an HTML page instead of the protocol's error" : "";
    }
    String code = answer.quotable(errorCode);
    String requestId = answer.quotable(answer.header("x-request-id"));
    int status = answer.status();
    String full =
        (SharingErrors.serverSaid(
                    request.what(), host, status, code, answer.quotable(message), requestId)
                + " "
                + advice(request, status, origin))
            .trim();
    return status == 429 || status >= 500
        ? new TransientSharingException(full, status, code, requestId, retryAfterMillis(answer))
        : new SharingServerException(full, status, code, requestId);
  }

  private static String advice(RestRequest request, int status, String origin) {
    return switch (status) {
      case 400 ->
          "Check the options of the read; the server's text above says what it does not accept."
              + (request.asOf().isLatest() ? "" : " " + SharingErrors.ASK_FOR_HISTORY);
      case 401 ->
          "Check the token in the profile " + origin + ", or ask the provider for a new profile.";
      case 403 ->
          "Ask the provider to grant access to the recipient of the profile " + origin + ".";
      case 404 ->
          "Check the names (and the 'endpoint' of the profile "
              + origin
              + "), or ask the provider whether it is still shared.";
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

  private static String bodyText(RestAnswer answer) {
    try {
      return new String(answer.body().readNBytes(MOST_BODY_BYTES), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  /** Retry-After in either of its forms, or -1. */
  private static long retryAfterMillis(RestAnswer answer) {
    String value = answer.header("Retry-After").trim();
    if (value.isEmpty()) {
      return -1;
    }
    try {
      return Math.max(0, Math.multiplyExact(Long.parseLong(value), 1000));
    } catch (NumberFormatException | ArithmeticException e) {
      // A date, perhaps.
    }
    try {
      Instant at = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Math.max(0, Duration.between(Instant.now(), at).toMillis());
    } catch (DateTimeParseException e) {
      return -1;
    }
  }
}
