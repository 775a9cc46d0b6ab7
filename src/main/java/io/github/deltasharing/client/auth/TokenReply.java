/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.protocol.codec.UntrustedJson;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;

/**
 * A response to a request for a token. A secret; driver only; immutable.
 *
 * @param sent when the request was sent, by this machine's clock
 * @param received when the response had come, by the same clock
 * @param date the header of this name, or an empty text
 * @param retryAfter the header Retry-After, or an empty text
 */
record TokenReply(
    int status, String body, String date, String retryAfter, Instant sent, Instant received) {
  private static final Duration LEAST_SKEW = Duration.ofSeconds(30);

  /** The body's JSON object; null where it is none. */
  JsonNode json() {
    try {
      JsonNode root = UntrustedJson.MAPPER.readTree(body);
      return root != null && root.isObject() ? root : null;
    } catch (JsonProcessingException | IllegalStateException e) {
      return null;
    }
  }

  /** Whether it is a page for people: of a proxy that wants a login, say. */
  boolean isPage() {
    return body.stripLeading().startsWith("<");
  }

  /**
   * How far this machine's clock is ahead of the other's; zero for a difference that the way may
   * explain, or where the other does not say its time.
   */
  Duration clockAhead() {
    try {
      Instant there = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date.trim()));
      boolean within =
          there.isAfter(sent.minus(LEAST_SKEW)) && there.isBefore(received.plus(LEAST_SKEW));
      return within ? Duration.ZERO : Duration.between(there, received);
    } catch (DateTimeException e) {
      return Duration.ZERO;
    }
  }

  /** Without the body. */
  @Override
  public String toString() {
    return "TokenReply[" + status + "]";
  }
}
