/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.api;

import io.github.deltasharing.protocol.PageToken;
import io.github.deltasharing.protocol.codec.PageTokenCodec;
import io.github.deltasharing.server.auth.Principal;
import io.github.deltasharing.server.auth.Signer;
import io.github.deltasharing.server.error.ServerError;
import java.io.IOException;
import java.time.Clock;
import java.util.Base64;

/**
 * Page and refresh tokens: signed, expiring, opaque to clients. Immutable, safe for use by several
 * threads.
 */
final class OpaqueTokens {
  private final Signer key;
  private final Clock clock;

  OpaqueTokens(Signer key, Clock clock) {
    this.key = key;
    this.clock = clock;
  }

  /** Part of what is signed, so that a token of one principal is invalid for another. */
  private static String purpose(PageTokenCodec<?> codec, Principal principal) {
    return codec.parameter() + "\n" + principal.id();
  }

  /** Makes a token that a principal can use for some time. */
  <T extends PageToken> String issue(
      PageTokenCodec<T> codec, Principal principal, T token, long ttlMillis) {
    byte[] payload = codec.write(new PageTokenCodec.Expiring<>(token, clock.millis() + ttlMillis));
    String body = Base64.getUrlEncoder().withoutPadding().encodeToString(payload);
    return body + "." + key.sign(purpose(codec, principal), body);
  }

  /** What is in a token, or a {@link ServerError} 400 when it is not one of ours or is old. */
  <T extends PageToken> T open(PageTokenCodec<T> codec, Principal principal, String token) {
    String parameter = codec.parameter();
    int dot = token.indexOf('.');
    if (dot < 0
        || !key.verify(
            purpose(codec, principal), token.substring(0, dot), token.substring(dot + 1))) {
      throw ServerError.invalid(
          parameter + " is not one that this server issued to this client. Ask again without it");
    }
    try {
      PageTokenCodec.Expiring<T> payload =
          codec.read(Base64.getUrlDecoder().decode(token.substring(0, dot)));
      if (payload.expires() < clock.millis()) {
        throw ServerError.invalid(parameter + " has expired. Ask again without it");
      }
      return payload.token();
    } catch (IOException e) {
      throw new IllegalStateException("A signed token is not JSON", e);
    }
  }
}
