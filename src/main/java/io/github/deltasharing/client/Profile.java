package io.github.deltasharing.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.error.Masking;
import io.github.deltasharing.error.ProfileErrors;
import io.github.deltasharing.protocol.UntrustedJson;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A share credential file, version 1 or 2, with a bearer token. A secret: it stays on the driver,
 * is not serialisable and prints without its token.
 */
public final class Profile {
  private static final int NEWEST_VERSION = 2;

  /** A host that is none by the RFC, and its port: names of containers and buckets. */
  private static final Pattern UNDERSCORED = Pattern.compile("[\\w.-]*_[\\w.-]*(:\\d{1,5})?");

  private static final Pattern WHOLE_NUMBER = Pattern.compile("(\\d+)(?:\\.0*)?");

  /** Beyond the year 10,000. */
  private static final double MOST_MILLIS = 1e15;

  private static final Logger LOG = LoggerFactory.getLogger(Profile.class);

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
   * Reads a profile's bytes: UTF-8, or, as their mark or their zeros say, UTF-16 or UTF-32.
   *
   * @param origin where they came from, for messages
   * @throws IllegalArgumentException saying which field is missing or wrong
   */
  public static Profile fromBytes(String origin, byte[] bytes) {
    return fromJson(origin, ProfileText.decode(bytes));
  }

  /**
   * Reads a profile's JSON.
   *
   * @param origin where it came from, for messages
   * @throws IllegalArgumentException saying which field is missing or wrong
   */
  public static Profile fromJson(String origin, String json) {
    JsonNode root = parse(origin, json);
    int version = version(origin, root.path("shareCredentialsVersion"));
    String type =
        version == 1
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
      JsonNode root = UntrustedJson.MAPPER.readTree(json);
      if (root != null && root.isObject()) {
        return root;
      }
    } catch (JsonProcessingException e) {
      throw ProfileErrors.badProfile(origin, "it is " + UntrustedJson.problem(e));
    }
    throw ProfileErrors.badProfile(origin, "it is not a JSON object");
  }

  /** A whole number; also as text, and with a fraction of zeros. */
  private static int version(String origin, JsonNode version) {
    String text = version.isNumber() || version.isTextual() ? version.asText().trim() : "";
    Matcher number = WHOLE_NUMBER.matcher(text);
    if (!number.matches()) {
      throw ProfileErrors.badProfile(origin, "it has no number 'shareCredentialsVersion'");
    }
    String digits = number.group(1);
    int value = digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
    if (value > NEWEST_VERSION || value < 1) {
      throw ProfileErrors.profileVersion(
          origin, digits.length() > 9 ? "(a very large number)" : digits, NEWEST_VERSION);
    }
    return value;
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
      // To Java's own class a name with an underscore is no host.
      boolean host =
          uri.getHost() != null
              || (uri.getRawAuthority() != null
                  && UNDERSCORED.matcher(uri.getRawAuthority()).matches());
      if (host
          && (scheme.equals("http") || scheme.equals("https"))
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

  /** When the token dies; null where that is not said, or said so that nobody can read it. */
  private static Instant expiration(String origin, JsonNode root) {
    JsonNode time = root.path("expirationTime");
    // A number of milliseconds may be written as 1.6E12.
    boolean millis = time.isNumber() && Math.abs(time.doubleValue()) < MOST_MILLIS;
    String text =
        time.isNull() ? "" : millis ? Long.toString(time.longValue()) : time.asText("").trim();
    if (text.isEmpty() && (time.isValueNode() || time.isMissingNode())) {
      return null;
    }
    Optional<Instant> read = ExpirationTime.parse(text);
    if (read.isEmpty()) {
      LOG.warn(
          "The profile {} has an 'expirationTime' that is no time such as 2030-01-31T00:00:00Z ('{}'); it is taken for"
              + " one that does not expire, and the server refuses it when it does.",
          origin,
          Masking.of(root.path("bearerToken").asText("")).line(text.isEmpty() ? "no text" : text));
    }
    return read.orElse(null);
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
    return endpoint.getRawAuthority();
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
