/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URL;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import no.nav.security.mock.oauth2.http.NettyWrapper;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import no.nav.security.mock.oauth2.token.OAuth2TokenProvider;

/**
 * An identity provider that nobody here wrote: NAV's mock-oauth2-server. Its tokens are signed, and
 * are verified here by its published keys, as a sharing server does. Thread-safe.
 */
public final class IdentityProvider implements AutoCloseable {
  /** Whom its tokens are for. */
  public static final String AUDIENCE = "sharing-server";

  private static final String ISSUER = "company";

  private final MockOAuth2Server server;

  /**
   * @param lifeSeconds of its tokens
   */
  public IdentityProvider(long lifeSeconds) {
    server =
        new MockOAuth2Server(
            new OAuth2Config(
                false,
                null,
                null,
                false,
                new OAuth2TokenProvider(),
                Set.of(
                    new DefaultOAuth2TokenCallback(
                        ISSUER, "recipient", "JWT", List.of(AUDIENCE), Map.of(), lifeSeconds)),
                new NettyWrapper()));
    try {
      server.start(InetAddress.getLoopbackAddress(), 0);
    } catch (RuntimeException e) {
      throw new IllegalStateException("the identity provider does not start", e);
    }
  }

  public String tokenEndpoint() {
    return server.tokenEndpointUrl(ISSUER).toString();
  }

  public String issuer() {
    return server.issuerUrl(ISSUER).toString();
  }

  public int port() {
    return URI.create(issuer()).getPort();
  }

  /** A token of somebody that it knows, as a platform writes it into a file. */
  public String issue(String subject) {
    return server.issueToken(ISSUER, subject, AUDIENCE).serialize();
  }

  /** The claims of a token that it issued, for this audience, and that has not expired; or null. */
  public JWTClaimsSet verified(String token) {
    try {
      DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
      JWKSet keys = JWKSet.load(new URL(server.jwksUrl(ISSUER).toString()));
      processor.setJWSKeySelector(
          new JWSVerificationKeySelector<>(JWSAlgorithm.RS256, new ImmutableJWKSet<>(keys)));
      DefaultJWTClaimsVerifier<SecurityContext> claims =
          new DefaultJWTClaimsVerifier<>(
              AUDIENCE,
              new JWTClaimsSet.Builder().issuer(issuer()).build(),
              Set.of("exp", "iat", "sub"));
      claims.setMaxClockSkew(0);
      processor.setJWTClaimsSetVerifier(claims);
      return processor.process(token, null);
    } catch (BadJOSEException | ParseException e) {
      return null;
    } catch (JOSEException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.shutdown();
  }
}
