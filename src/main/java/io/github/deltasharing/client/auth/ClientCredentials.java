/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import io.github.deltasharing.error.ProfileErrors;
import io.github.deltasharing.error.SharingServerException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * OAuth's client credentials (RFC 6749, 4.4): a client's name and secret, with which its identity
 * provider gives tokens. Those of the recipient's own identity provider too, where the sharing
 * server trusts that one (OIDC federation). Immutable.
 *
 * @param clientSecret null where an assertion stands in its place
 * @param assertionFile where the platform keeps a token that stands in the secret's place (RFC
 *     7523, 2.2), as {@link TokenFile} reads it; or null
 * @param scope null for the client's default
 * @param audience whom the token is for, where the identity provider wants that said; or null
 * @param endpoint of the sharing server, which gets what a workload's token was exchanged for; null
 *     where a secret is
 */
record ClientCredentials(
    String tokenEndpoint,
    String clientId,
    String clientSecret,
    String assertionFile,
    String scope,
    String audience,
    URI endpoint)
    implements TokenCredential {
  /** The profile's {@code type}. */
  static final String TYPE = "oauth_client_credentials";

  /** An older name of it. */
  static final String LEGACY_TYPE = "persistent_oauth2.0";

  private static final String ASSERTION_TYPE =
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

  static ClientCredentials of(ProfileFields profile) {
    String tokenEndpoint = profile.url("tokenEndpoint", true).toString();
    String clientId = profile.required("clientId");
    String assertionFile = profile.optional("clientAssertionFile");
    String clientSecret = profile.optional("clientSecret");
    if (assertionFile == null) {
      clientSecret = profile.required("clientSecret");
    } else if (clientSecret != null) {
      throw ProfileErrors.badProfile(
          profile.origin(), "it has both a 'clientSecret' and a 'clientAssertionFile'");
    }
    return new ClientCredentials(
        tokenEndpoint,
        clientId,
        clientSecret,
        assertionFile,
        profile.optional("scope"),
        profile.optional("audience"),
        assertionFile == null ? null : profile.url("endpoint", false));
  }

  @Override
  public AccessToken exchange(String origin, TokenRequests requests) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "client_credentials");
    if (scope != null) {
      form.put("scope", scope);
    }
    if (audience != null) {
      form.put("audience", audience);
    }
    if (assertionFile != null) {
      return withAssertion(origin, requests, form);
    }
    String encoded = TokenRequests.encoded(clientId) + ":" + TokenRequests.encoded(clientSecret);
    String plain = clientId + ":" + clientSecret;
    try {
      return post(origin, requests, encoded, form);
    } catch (SharingServerException e) {
      if (e.status() != 401 && !e.errorCode().equals("invalid_client") || plain.equals(encoded)) {
        throw e;
      }
      // There are identity providers that do not undo the encoding of RFC 6749, 2.3.1.
      return post(origin, requests, plain, form);
    }
  }

  private AccessToken withAssertion(
      String origin, TokenRequests requests, Map<String, String> form) {
    String assertion = TokenFile.read(origin, assertionFile, requests.now());
    form.put("client_id", clientId);
    form.put("client_assertion_type", ASSERTION_TYPE);
    form.put("client_assertion", assertion);
    return requests.token(
        new TokenRequest(
            origin,
            tokenEndpoint,
            Map.of(),
            form,
            List.of(assertion),
            "'clientId', and whether the identity provider trusts whoever issues the token of"
                + " 'clientAssertionFile'"));
  }

  private AccessToken post(
      String origin, TokenRequests requests, String nameAndSecret, Map<String, String> form) {
    String basic =
        Base64.getEncoder().encodeToString(nameAndSecret.getBytes(StandardCharsets.UTF_8));
    return requests.token(
        new TokenRequest(
            origin,
            tokenEndpoint,
            Map.of("Authorization", "Basic " + basic),
            form,
            List.of(clientSecret, basic),
            "'clientId' and 'clientSecret'"));
  }

  /** The client, whatever its secret is by now: the identity provider has checked that. */
  @Override
  public String identity(AccessToken token) {
    return KeyedDigest.of(TYPE, tokenEndpoint, clientId, scope, audience);
  }

  @Override
  public List<URI> showsMachineTo() {
    return assertionFile == null ? List.of() : List.of(URI.create(tokenEndpoint), endpoint);
  }

  @Override
  public String key() {
    return KeyedDigest.of(identity(null), clientSecret, assertionFile);
  }

  @Override
  public List<String> secrets() {
    return clientSecret == null ? List.of() : List.of(clientSecret);
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "ClientCredentials[" + clientId + " at " + tokenEndpoint + "]";
  }
}
