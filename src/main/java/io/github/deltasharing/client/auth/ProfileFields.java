/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.error.Masking;
import io.github.deltasharing.error.ProfileErrors;
import io.github.deltasharing.options.InlineCredential;
import io.github.deltasharing.protocol.codec.UntrustedJson;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The fields of a profile's JSON, secrets among them. Immutable. */
public final class ProfileFields {
  private static final Logger LOG = LoggerFactory.getLogger(ProfileFields.class);

  /** A host name that RFC 1123 does not allow, and its port: of containers and buckets. */
  private static final Pattern UNDERSCORED = Pattern.compile("[\\w.-]*_[\\w.-]*(:\\d{1,5})?");

  /** Beyond the year 10,000. */
  private static final double MOST_MILLIS = 1e15;

  /** Its host is in messages. */
  private static final int LONGEST_URL = 2_000;

  private final String origin;
  private final JsonNode root;
  private final String prefix;

  private ProfileFields(String origin, JsonNode root, String prefix) {
    this.origin = origin;
    this.root = root;
    this.prefix = prefix;
  }

  /**
   * Reads a profile's bytes: UTF-8, or, as their mark or their zeros say, UTF-16 or UTF-32.
   *
   * @param origin where they came from, for messages
   * @throws IllegalArgumentException if they are no JSON object
   */
  public static ProfileFields of(String origin, byte[] bytes) {
    return of(origin, ProfileText.decode(bytes));
  }

  /**
   * Reads a profile's JSON.
   *
   * @param origin where it came from, for messages
   * @throws IllegalArgumentException if it is no JSON object
   */
  public static ProfileFields of(String origin, String json) {
    try {
      JsonNode root = UntrustedJson.MAPPER.readTree(json);
      if (root != null && root.isObject()) {
        return new ProfileFields(origin, root, "");
      }
    } catch (JsonProcessingException e) {
      throw ProfileErrors.badProfile(origin, "it is " + UntrustedJson.problem(e));
    }
    throw ProfileErrors.badProfile(origin, "it is not a JSON object");
  }

  /**
   * The fields of a credential that options give. The version of its form may be left out there:
   * the newest is meant.
   */
  public static ProfileFields of(InlineCredential credential) {
    ObjectNode root = UntrustedJson.MAPPER.createObjectNode();
    root.put("shareCredentialsVersion", 2);
    credential.fields().forEach(root::put);
    return new ProfileFields(credential.origin(), root, "");
  }

  public String origin() {
    return origin;
  }

  /** A field as it is; a missing one is a missing node. */
  public JsonNode get(String field) {
    return root.path(field);
  }

  /** A field as messages name it. */
  String nameOf(String field) {
    return prefix + field;
  }

  /** The fields of an object in it; these, where there is none: options have no objects. */
  ProfileFields part(String field) {
    JsonNode part = root.path(field);
    return part.isObject() ? new ProfileFields(origin, part, prefix + field + ".") : this;
  }

  /** A text, or a number as text. */
  public String required(String field) {
    String value = root.path(field).asText("").trim();
    if (value.isEmpty()) {
      throw ProfileErrors.badProfile(origin, "it has no '" + nameOf(field) + "'");
    }
    return value;
  }

  /** A text, or a number as text; null where it is missing or blank. */
  String optional(String field) {
    String value = root.path(field).asText("").trim();
    return value.isEmpty() || root.path(field).isNull() ? null : value;
  }

  /**
   * A URL, without slashes at its end.
   *
   * @param query whether it may have one
   */
  public URI url(String field, boolean query) {
    String text = required(field).replaceAll("/+$", "");
    if (text.length() > LONGEST_URL) {
      throw ProfileErrors.badProfile(
          origin, "its '" + nameOf(field) + "' has more than " + LONGEST_URL + " characters");
    }
    try {
      URI uri = new URI(text);
      if (uri.getRawAuthority() != null && uri.getRawAuthority().contains("@")) {
        throw ProfileErrors.badProfile(
            origin,
            "its '"
                + nameOf(field)
                + "' contains a user name or password, which is no part of the protocol and would show in logs");
      }
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      // To Java's own class a name with an underscore is no host.
      boolean host =
          uri.getHost() != null
              || (uri.getRawAuthority() != null
                  && UNDERSCORED.matcher(uri.getRawAuthority()).matches());
      if (host
          && (scheme.equals("http") || scheme.equals("https"))
          && (query || uri.getRawQuery() == null)
          && uri.getRawFragment() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Thrown below.
    }
    throw ProfileErrors.badProfile(
        origin,
        "its '"
            + nameOf(field)
            + "' is not an http or https URL"
            + (query ? "" : " without a query"));
  }

  /**
   * When the credential expires; null where that is not said, or said so that nobody can read it.
   *
   * @param secretField what must not be quoted
   */
  Instant expirationTime(String secretField) {
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
          Masking.of(root.path(secretField).asText("")).line(text.isEmpty() ? "no text" : text));
    }
    return read.orElse(null);
  }

  /** Without the fields. */
  @Override
  public String toString() {
    return "ProfileFields[" + origin + "]";
  }
}
