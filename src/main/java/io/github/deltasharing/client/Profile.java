package io.github.deltasharing.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.deltasharing.error.ProfileErrors;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.Locale;

/**
 * A share credential file, version 1 or 2, with a bearer token. A secret: it stays on the driver,
 * is not serialisable and prints without its token.
 */
public final class Profile {
  private static final int NEWEST_VERSION = 2;

  /** ISO-8601 with an offset in any of its forms; UTC where there is none. */
  private static final DateTimeFormatter EXPIRATION =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
          .appendPattern("[XXX][XX][X]")
          .parseDefaulting(ChronoField.OFFSET_SECONDS, 0)
          .toFormatter(Locale.ROOT);

  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder().disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION).build());

  private final String origin;
  private final URI endpoint;
  private final String bearerToken;
  private final Instant expirationTime;

  private Profile(String origin, URI endpoint, String bearerToken, Instant expirationTime) {
    this.origin = origin;
    this.endpoint = endpoint;
    this.bearerToken = bearerToken;
    this.expirationTime = expirationTime;
  }

  /**
   * Reads a profile's JSON.
   *
   * @param origin where it came from, for messages
   * @throws IllegalArgumentException saying which field is missing or wrong
   */
  public static Profile fromJson(String origin, String json) {
    JsonNode root = parse(origin, json);
    JsonNode version = root.path("shareCredentialsVersion");
    if (!version.isIntegralNumber()) {
      throw ProfileErrors.badProfile(origin, "it has no number 'shareCredentialsVersion'");
    }
    if (version.longValue() > NEWEST_VERSION || version.longValue() < 1) {
      throw ProfileErrors.profileVersion(origin, version.asText(), NEWEST_VERSION);
    }
    String type =
        version.intValue() == 1
            ? "bearer_token"
            : root.path("type").asText("bearer_token").toLowerCase(Locale.ROOT);
    if (!type.equals("bearer_token")) {
      throw ProfileErrors.profileType(origin, type);
    }
    return new Profile(
        origin,
        endpoint(origin, root),
        required(origin, root, "bearerToken"),
        expiration(origin, root));
  }

  private static JsonNode parse(String origin, String json) {
    try {
      JsonNode root = JSON.readTree(json);
      if (root != null && root.isObject()) {
        return root;
      }
    } catch (JsonProcessingException e) {
      throw ProfileErrors.badProfile(
          origin, "it is not JSON (line " + e.getLocation().getLineNr() + ")");
    }
    throw ProfileErrors.badProfile(origin, "it is not a JSON object");
  }

  private static String required(String origin, JsonNode root, String field) {
    String value = root.path(field).asText("").trim();
    if (value.isEmpty()) {
      throw ProfileErrors.badProfile(origin, "it has no '" + field + "'");
    }
    return value;
  }

  private static URI endpoint(String origin, JsonNode root) {
    String text = required(origin, root, "endpoint").replaceAll("/+$", "");
    try {
      URI uri = new URI(text);
      if (uri.getRawAuthority() != null && uri.getRawAuthority().contains("@")) {
        throw ProfileErrors.badProfile(
            origin,
            "its 'endpoint' holds a user name or password, which is no part of the protocol and"
                + " would show in logs");
      }
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      if ((scheme.equals("http") || scheme.equals("https"))
          && uri.getHost() != null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Told below.
    }
    throw ProfileErrors.badProfile(
        origin, "its 'endpoint' is not an http or https URL without a query");
  }

  private static Instant expiration(String origin, JsonNode root) {
    String text = root.path("expirationTime").asText("").trim();
    if (text.isEmpty() || root.path("expirationTime").isNull()) {
      return null;
    }
    try {
      return OffsetDateTime.parse(text, EXPIRATION).toInstant();
    } catch (DateTimeParseException e) {
      throw ProfileErrors.badProfile(
          origin,
          "its 'expirationTime' is not an ISO-8601 time such as 2030-01-31T00:00:00Z: '"
              + text
              + "'");
    }
  }

  /** Where the profile came from, as the user named it. */
  public String origin() {
    return origin;
  }

  /** The server's base URL, without a slash at its end. */
  public URI endpoint() {
    return endpoint;
  }

  /** The server's name, with its port where one is given: for messages. */
  String host() {
    return endpoint.getPort() < 0
        ? endpoint.getHost()
        : endpoint.getHost() + ":" + endpoint.getPort();
  }

  /** The token: a secret. */
  String bearerToken() {
    return bearerToken;
  }

  /** When the token dies, or null for never. */
  public Instant expirationTime() {
    return expirationTime;
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "Profile[" + origin + ", endpoint=" + endpoint + "]";
  }
}
