/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.error.SharingServerException;
import io.github.deltasharing.error.TransientSharingException;
import io.github.deltasharing.protocol.codec.UntrustedJson;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * OAuth's JWT bearer grant (RFC 7523, 2.1): the client signs an assertion with a private key, which
 * never leaves the driver, for an access token. Immutable.
 *
 * @param issuer of the tokens, whom the assertion is for
 * @param audience whom the token is for
 * @param scope or null
 */
record PrivateKeyJwt(
    String tokenEndpoint,
    String clientId,
    String issuer,
    String audience,
    String scope,
    AssertionKey privateKey)
    implements TokenCredential {
  /** The profile's {@code type}. */
  static final String TYPE = "oauth_jwt_bearer_private_key_jwt";

  private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  private static final Duration LIFE = Duration.ofSeconds(120);

  static PrivateKeyJwt of(ProfileFields profile) {
    ProfileFields auth = profile.part("auth");
    URI tokenEndpoint = auth.url("tokenEndpoint", true);
    return new PrivateKeyJwt(
        tokenEndpoint.toString(),
        auth.required("clientId"),
        auth.required("issuer"),
        auth.required("audience"),
        auth.optional("scope"),
        AssertionKey.of(auth.part("privateKey")));
  }

  /**
   * Where the other's clock differs much from this machine's, as its response says, the assertion
   * may be none of its time: then it is signed once more, by the other's clock.
   */
  @Override
  public AccessToken exchange(String origin, TokenRequests requests) {
    try {
      return exchange(origin, requests, Duration.ZERO);
    } catch (TransientSharingException e) {
      throw e;
    } catch (SharingServerException e) {
      Duration ahead = requests.clockAhead(tokenEndpoint);
      if (ahead.isZero()) {
        throw e;
      }
      return exchange(origin, requests, ahead);
    }
  }

  private AccessToken exchange(String origin, TokenRequests requests, Duration clockAhead) {
    String assertion = privateKey.sign(origin, claims(requests.now().minus(clockAhead)));
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", GRANT);
    form.put("assertion", assertion);
    return requests.token(
        new TokenRequest(
            origin,
            tokenEndpoint,
            Map.of(),
            form,
            List.of(assertion),
            "'clientId', 'issuer', 'audience', 'keyId' and the private key"));
  }

  private ObjectNode claims(Instant now) {
    ObjectNode claims = UntrustedJson.MAPPER.createObjectNode();
    claims.put("aud", issuer);
    claims.put("iss", clientId);
    claims.put("sub", clientId);
    claims.put("iat", now.getEpochSecond());
    claims.put("exp", now.plus(LIFE).getEpochSecond());
    claims.put("jti", UUID.randomUUID().toString());
    if (scope != null) {
      claims.put("scope", scope);
    }
    claims.put("resource", audience);
    return claims;
  }

  /** The client, whatever its key is by now: the identity provider has checked that. */
  @Override
  public String identity(AccessToken token) {
    return KeyedDigest.of(TYPE, tokenEndpoint, clientId, issuer, audience, scope);
  }

  @Override
  public String key() {
    return KeyedDigest.of(identity(null), privateKey.key());
  }

  @Override
  public List<String> secrets() {
    return List.of();
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "PrivateKeyJwt[" + clientId + " at " + tokenEndpoint + "]";
  }
}
