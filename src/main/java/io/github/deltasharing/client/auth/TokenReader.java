/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.protocol.codec.UntrustedJson;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads tokens, and how long they live, out of what identity providers answer. Stateless. */
final class TokenReader {
  private static final Logger LOG = LoggerFactory.getLogger(TokenReader.class);

  /** The life of a token of which nobody says it. */
  static final Duration UNKNOWN_LIFE = Duration.ofMinutes(10);

  /** No token is kept longer, whatever is said. */
  static final Duration LONGEST_LIFE = Duration.ofDays(1);

  private static final int MOST_DIGITS = 40;

  private TokenReader() {}

  /** A text field, or an empty text. */
  static String text(JsonNode json, String field) {
    JsonNode value = json.path(field);
    return value.isTextual() ? value.textValue().trim() : "";
  }

  /**
   * The token of a response. Its life counts from when it was requested, so that no clock but this
   * machine's matters.
   *
   * @param value its token
   * @param expiresIn its field {@code expires_in}: seconds, as a number or as text
   */
  static AccessToken read(String origin, String value, JsonNode expiresIn, Instant requested) {
    Duration life = seconds(expiresIn);
    if (life == null) {
      if (!expiresIn.isMissingNode() && !expiresIn.isNull()) {
        LOG.warn(
            "The token for the profile {} came with an 'expires_in' that is no number of seconds; it is"
                + " taken for one that does not say when it expires.",
            origin);
      }
      life = lifeOf(value);
    }
    return new AccessToken(value, requested, requested.plus(life == null ? UNKNOWN_LIFE : life));
  }

  /** Null where it is no positive number. */
  private static Duration seconds(JsonNode node) {
    if (!node.isNumber() && !node.isTextual() || node.asText().length() > MOST_DIGITS) {
      return null;
    }
    try {
      BigDecimal seconds = new BigDecimal(node.asText().trim());
      if (seconds.signum() <= 0) {
        return null;
      }
      boolean endless = seconds.compareTo(BigDecimal.valueOf(LONGEST_LIFE.toSeconds())) >= 0;
      return endless
          ? LONGEST_LIFE
          : Duration.ofMillis(seconds.movePointRight(3).max(BigDecimal.ONE).longValue());
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** From its issue to its expiry, where it is a JSON web token that says both; or null. */
  private static Duration lifeOf(String token) {
    JsonNode claims = claims(token);
    if (claims == null || !claims.path("iat").isNumber() || !claims.path("exp").isNumber()) {
      return null;
    }
    Duration life = seconds(claims.path("exp"));
    Duration issued = seconds(claims.path("iat"));
    double seconds = claims.path("exp").doubleValue() - claims.path("iat").doubleValue();
    return life == null || issued == null || seconds <= 0
        ? null
        : Duration.ofMillis((long) (Math.min(seconds, LONGEST_LIFE.toSeconds()) * 1000));
  }

  /** The claims of a JSON web token, not verified: whoever gets it does that. Null for others. */
  static JsonNode claims(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return null;
    }
    try {
      byte[] json = Base64.getUrlDecoder().decode(parts[1].getBytes(StandardCharsets.US_ASCII));
      JsonNode claims = UntrustedJson.MAPPER.readTree(json);
      return claims != null && claims.isObject() ? claims : null;
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }
}
