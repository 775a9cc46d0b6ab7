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
  private static final int MOST_MESSAGE_CHARS = 2000;

  private ErrorMapper() {}

  /**
   * Reads an error answer.
   *
   * @param secret the token that was sent; wiped from whatever the server says
   */
  static SharingServerException map(
      RestRequest request, RestAnswer answer, String origin, String host, String secret) {
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
    String said = clean(message, secret);
    String requestId = clean(answer.header("x-request-id"), secret);
    int status = answer.status();
    String full =
        SharingErrors.serverSaid(
                request.what(), host, status, clean(errorCode, secret), said, requestId)
            + " "
            + advice(status, origin);
    return status == 429 || status >= 500
        ? new TransientSharingException(
            full, status, errorCode, requestId, retryAfterMillis(answer))
        : new SharingServerException(full, status, errorCode, requestId);
  }

  private static String advice(int status, String origin) {
    return switch (status) {
      case 400 ->
          "Check the options of the read; the server's text above says what it does not accept.";
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

  private static String clean(String text, String secret) {
    String wiped = secret.isEmpty() ? text : text.replace(secret, "***");
    String line = wiped.replaceAll("\\s+", " ").trim();
    return line.length() <= MOST_MESSAGE_CHARS ? line : line.substring(0, MOST_MESSAGE_CHARS) + "…";
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
