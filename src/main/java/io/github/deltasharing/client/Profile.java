/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.annotation.PublicApi;
import io.github.deltasharing.client.auth.BearerToken;
import io.github.deltasharing.client.auth.Credential;
import io.github.deltasharing.client.auth.Login;
import io.github.deltasharing.client.auth.ProfileFields;
import io.github.deltasharing.error.ProfileErrors;
import java.net.URI;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A share credential file, version 1 or 2. A secret: it stays on the driver, is not serialisable
 * and prints without its credential.
 */
@PublicApi
public final class Profile {
  private static final int NEWEST_VERSION = 2;

  private static final Pattern WHOLE_NUMBER = Pattern.compile("(\\d+)(?:\\.0*)?");

  private final Login login;

  private Profile(Login login) {
    this.login = login;
  }

  /**
   * Reads a profile's bytes: UTF-8, or, as their mark or their zeros say, UTF-16 or UTF-32.
   *
   * @param origin where they came from, for messages
   * @throws IllegalArgumentException saying which field is missing or wrong
   */
  public static Profile fromBytes(String origin, byte[] bytes) {
    return of(ProfileFields.of(origin, bytes));
  }

  /**
   * Reads a profile's JSON.
   *
   * @param origin where it came from, for messages
   * @throws IllegalArgumentException saying which field is missing or wrong
   */
  public static Profile fromJson(String origin, String json) {
    return of(ProfileFields.of(origin, json));
  }

  static Profile of(ProfileFields fields) {
    int version = version(fields.origin(), fields.get("shareCredentialsVersion"));
    String type =
        version == 1
            ? BearerToken.TYPE
            : fields.get("type").asText(BearerToken.TYPE).toLowerCase(Locale.ROOT);
    Credential credential = Credential.of(type, fields);
    return new Profile(new Login(fields.origin(), fields.url("endpoint", false), credential));
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

  /** Where the profile came from, as the user named it. */
  public String origin() {
    return login.origin();
  }

  /** The server's base URL, without a slash at its end. */
  public URI endpoint() {
    return login.endpoint();
  }

  /** When the credential expires, or null for never. */
  public Instant expirationTime() {
    return login.credential().expirationTime();
  }

  /** Where to sign in, and with what: a secret. */
  Login login() {
    return login;
  }

  /** Without the credential. */
  @Override
  public String toString() {
    return "Profile[" + origin() + ", endpoint=" + endpoint() + "]";
  }
}
