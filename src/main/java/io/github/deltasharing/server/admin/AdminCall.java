/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.admin;

import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.store.Change;
import io.github.deltasharing.server.store.Page;
import io.github.deltasharing.server.store.Provenance;
import io.github.deltasharing.server.store.StoredPrincipal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request to the admin API, once it is known who sends it. Immutable.
 *
 * @param principal who sends it
 * @param names the names in its path
 * @param parameters of its query
 * @param body its body
 * @param ifMatch its header If-Match
 * @param origin what recipients reach this server by
 * @param now when it came
 */
record AdminCall(
    StoredPrincipal principal,
    List<String> names,
    Map<String, String> parameters,
    AdminBody body,
    Optional<String> ifMatch,
    String origin,
    Instant now) {
  private static final int MOST_ITEMS = 1_000;
  private static final int ITEMS = 500;

  /** The first name in the path. */
  String name() {
    return names.get(0);
  }

  Change change() {
    return new Change(principal.name(), now);
  }

  /**
   * Goes on if what is to be changed is what the sender knows, or if it did not say.
   *
   * @throws ServerError 412 if somebody else changed it
   */
  void checkVersion(Provenance provenance) {
    String version = "\"" + provenance.tag() + "\"";
    boolean matches = false;
    for (String expected : ifMatch.orElse("*").split(",", -1)) {
      matches |= expected.strip().equals("*") || expected.strip().equals(version);
    }
    if (!matches) {
      throw new ServerError(
          412,
          ServerError.INVALID_STATE,
          "It was changed by "
              + provenance.updatedBy()
              + " at "
              + provenance.updatedAt()
              + ". Get it again, and send the ETag of that response as If-Match");
    }
  }

  /** Which page of a list is asked for. */
  Page.Of page() {
    String size = parameter("maxResults", "max_results");
    if (!size.isEmpty()
        && (!size.matches("\\d{1,4}")
            || Integer.parseInt(size) == 0
            || Integer.parseInt(size) > MOST_ITEMS)) {
      throw ServerError.invalid("maxResults must be a whole number, 1 to " + MOST_ITEMS);
    }
    String token = parameter("pageToken", "page_token");
    try {
      return new Page.Of(
          new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8),
          size.isEmpty() ? ITEMS : Integer.parseInt(size));
    } catch (IllegalArgumentException e) {
      throw ServerError.invalid("pageToken is not one of this list. Ask again without it");
    }
  }

  /** The token of the page after a key. */
  static String pageToken(String key) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  private String parameter(String name, String other) {
    return parameters.getOrDefault(name, parameters.getOrDefault(other, ""));
  }
}
