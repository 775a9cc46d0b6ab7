/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.config;

import io.github.deltasharing.server.config.ShareFile.CredentialsEntry;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where the temporary credentials come from that recipients get to tables' directories. Immutable.
 */
public sealed interface VendorConfig {
  /** The shortest and the longest session of AWS's STS, and the longest of a chained role. */
  int LEAST_SECONDS = 900;

  int MOST_SECONDS = 43_200;

  /**
   * Sessions of a role, each restricted to one table's directory, by AWS's STS or a service like
   * it.
   *
   * @param roleArn the role
   * @param endpoint the service's URL; empty for AWS's own in the region
   * @param region empty for the bucket's
   * @param externalId what the role's trust policy may require
   * @param sessionName how sessions' names start, which the store's own logs have
   * @param durationSeconds how long a session lasts at most; empty for what recipients get
   */
  record Sts(
      String roleArn,
      Optional<String> endpoint,
      Optional<String> region,
      Optional<String> externalId,
      String sessionName,
      Optional<Integer> durationSeconds)
      implements VendorConfig {}

  /**
   * The same keys for everybody and everything that they open: for development. The secrets show in
   * no text.
   *
   * @param sessionToken empty where the store needs none
   */
  record Fixed(String accessKeyId, String secretAccessKey, Optional<String> sessionToken)
      implements VendorConfig {
    /** Without the keys. */
    @Override
    public String toString() {
      return "Fixed[]";
    }
  }

  /** A role's name with its partition: stores that are not Amazon's take any. */
  Pattern ROLE = Pattern.compile("arn:[A-Za-z0-9-]*:[A-Za-z0-9-]*:[^\\s]{0,1900}");

  Pattern SESSION = Pattern.compile("[A-Za-z0-9_=,.@-]{2,32}");

  /**
   * Checks what is in an entry.
   *
   * @param key of the entry, for messages
   */
  static VendorConfig of(String key, CredentialsEntry entry) {
    String type = entry.type() == null ? "" : entry.type();
    return switch (type) {
      case "sts" -> sts(key, entry);
      case "static" -> fixed(key, entry);
      default -> throw ConfigException.wrong(key + ".type", type, "sts or static");
    };
  }

  private static Sts sts(String key, CredentialsEntry entry) {
    if (entry.accessKeyId() != null
        || entry.secretAccessKey() != null
        || entry.sessionToken() != null) {
      throw new ConfigException(
          key + " has keys beside type: sts. The role is assumed with the credential of hadoop");
    }
    String role = required(key, "roleArn", entry.roleArn());
    if (!ROLE.matcher(role).matches()) {
      throw ConfigException.wrong(
          key + ".roleArn", role, "a role, such as arn:aws:iam::123456789012:role/recipients");
    }
    String session = entry.sessionName() == null ? "delta-sharing" : entry.sessionName();
    if (!SESSION.matcher(session).matches()) {
      throw ConfigException.wrong(
          key + ".sessionName", session, "2 to 32 of letters, digits and _=,.@-");
    }
    Long seconds = entry.durationSeconds();
    if (seconds != null && (seconds < LEAST_SECONDS || seconds > MOST_SECONDS)) {
      throw ConfigException.wrong(
          key + ".durationSeconds",
          seconds,
          "a number from " + LEAST_SECONDS + " to " + MOST_SECONDS);
    }
    Optional.ofNullable(entry.endpoint())
        .ifPresent(endpoint -> checkUrl(key + ".endpoint", endpoint));
    return new Sts(
        role,
        Optional.ofNullable(entry.endpoint()),
        Optional.ofNullable(entry.region()),
        Optional.ofNullable(entry.externalId()),
        session,
        Optional.ofNullable(seconds).map(Long::intValue));
  }

  private static Fixed fixed(String key, CredentialsEntry entry) {
    return new Fixed(
        required(key, "accessKeyId", entry.accessKeyId()),
        required(key, "secretAccessKey", entry.secretAccessKey()),
        Optional.ofNullable(entry.sessionToken()));
  }

  private static String required(String key, String name, String value) {
    if (value == null || value.isBlank()) {
      throw new ConfigException(key + "." + name + " is missing: give it a value");
    }
    return value;
  }

  private static void checkUrl(String key, String endpoint) {
    try {
      URI uri = new URI(endpoint);
      if (uri.getHost() != null && uri.getUserInfo() == null && endpoint.matches("https?://.*")) {
        return;
      }
    } catch (URISyntaxException e) {
      // Below, and without the text.
    }
    throw new ConfigException(key + " must be a URL, such as https://sts.example.com");
  }
}
