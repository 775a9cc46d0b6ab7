package io.github.deltasharing.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.auth.SecretKey;
import io.github.deltasharing.server.error.ServerError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;

/**
 * Page and refresh tokens: signed, expiring, opaque to clients. Immutable, safe for use by several
 * threads.
 */
public final class OpaqueTokens {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String EXPIRY = "expires";

  private final SecretKey key;
  private final Clock clock;

  OpaqueTokens(SecretKey key, Clock clock) {
    this.key = key;
    this.clock = clock;
  }

  /** An empty payload to fill and {@link #issue}. */
  public static ObjectNode payload() {
    return MAPPER.createObjectNode();
  }

  /**
   * Makes a token.
   *
   * @param kind what it is for, as messages name it: {@code pageToken} or {@code refreshToken}
   */
  public String issue(String kind, ObjectNode payload, long ttlMillis) {
    payload.put(EXPIRY, clock.millis() + ttlMillis);
    String body =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(payload.toString().getBytes(StandardCharsets.UTF_8));
    return body + "." + key.sign(kind, body);
  }

  /** The payload of a token, or a {@link ServerError} 400 when it is not one of ours or is old. */
  public JsonNode open(String kind, String token) {
    int dot = token.indexOf('.');
    if (dot < 0 || !key.verify(kind, token.substring(0, dot), token.substring(dot + 1))) {
      throw ServerError.invalid(kind + " is not one that this server issued. Ask again without it");
    }
    try {
      JsonNode payload = MAPPER.readTree(Base64.getUrlDecoder().decode(token.substring(0, dot)));
      if (payload.path(EXPIRY).asLong() < clock.millis()) {
        throw ServerError.invalid(kind + " has expired. Ask again without it");
      }
      return payload;
    } catch (IOException e) {
      throw new IllegalStateException("A signed token is not JSON", e);
    }
  }
}
