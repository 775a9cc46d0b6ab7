/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg.rest;

import io.github.deltasharing.server.auth.Principal;
import io.github.deltasharing.server.auth.Signer;
import io.github.deltasharing.server.share.SharedTable;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/**
 * Says in the path of the endpoint that signs requests which state of a table a client has loaded:
 * it goes on with that when the table has a newer one, on whichever server. Signed, for one
 * principal and table, and for some time. Safe for use by several threads.
 */
final class StateTokens {
  private static final char SEPARATOR = '\n';

  private final Signer key;
  private final Duration life;
  private final Clock clock;

  StateTokens(Signer key, Duration life, Clock clock) {
    this.key = key;
    this.life = life;
    this.clock = clock;
  }

  /**
   * The token of a state.
   *
   * @param file the path of its metadata
   */
  String issue(Principal principal, SharedTable table, String file) {
    String text = clock.instant().plus(life).toEpochMilli() + "" + SEPARATOR + file;
    String body =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    return body + "." + key.sign(purpose(principal, table), body);
  }

  /** The state of a token: empty if it is not one of this principal and table, or is old. */
  Optional<String> open(Principal principal, SharedTable table, String token) {
    int dot = token.indexOf('.');
    if (dot < 0
        || !key.verify(
            purpose(principal, table), token.substring(0, dot), token.substring(dot + 1))) {
      return Optional.empty();
    }
    String text =
        new String(Base64.getUrlDecoder().decode(token.substring(0, dot)), StandardCharsets.UTF_8);
    int end = text.indexOf(SEPARATOR);
    return Long.parseLong(text.substring(0, end)) < clock.millis()
        ? Optional.empty()
        : Optional.of(text.substring(end + 1));
  }

  private static String purpose(Principal principal, SharedTable table) {
    return "icebergState\n" + principal.id() + "\n" + table.identity();
  }
}
