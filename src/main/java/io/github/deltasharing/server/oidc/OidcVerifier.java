/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.oidc;

import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.github.deltasharing.server.auth.BearerHeader;
import io.github.deltasharing.server.error.ServerError;
import java.io.IOException;
import java.text.ParseException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies tokens of the issuers that the configuration names, and asks no others for anything.
 * Safe for use by several threads.
 */
public final class OidcVerifier {
  private static final Logger LOG = LoggerFactory.getLogger(OidcVerifier.class);

  private final IssuerDocuments documents = new IssuerDocuments();
  private final Clock clock;
  private volatile Map<String, OidcIssuer> issuers = Map.of();

  /**
   * Trusts issuers; nothing is asked yet.
   *
   * @param issuers as their tokens name them
   */
  public OidcVerifier(List<String> issuers, Clock clock) {
    this.clock = clock;
    replace(issuers);
  }

  /** Trusts these from now on, and no others; keys of those that stay are kept. */
  public void replace(List<String> names) {
    Map<String, OidcIssuer> before = issuers;
    issuers =
        names.stream()
            .distinct()
            .collect(
                Collectors.toUnmodifiableMap(
                    Function.identity(),
                    name -> before.getOrDefault(name, new OidcIssuer(name, documents, clock))));
  }

  /** Whether the configuration names the issuer. */
  public boolean trusts(String issuer) {
    return issuers.containsKey(issuer);
  }

  /** The issuer that a token names, if it is a token of one that is trusted; not verified yet. */
  public Optional<String> issuer(String token) {
    return issuers.isEmpty() ? Optional.empty() : parse(token).flatMap(this::trusted);
  }

  private static Optional<SignedJWT> parse(String token) {
    try {
      return Optional.of(SignedJWT.parse(token));
    } catch (ParseException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private Optional<String> trusted(SignedJWT token) {
    try {
      JWTClaimsSet claims = token.getJWTClaimsSet();
      return Optional.ofNullable(claims).map(JWTClaimsSet::getIssuer).filter(this::trusts);
    } catch (ParseException e) {
      return Optional.empty();
    }
  }

  /**
   * What a token says, if it is its issuer's, and valid now.
   *
   * @throws ServerError 401 if not, 503 if the issuer's keys cannot be got
   */
  public OidcClaims verify(String token) {
    SignedJWT signed = parse(token).orElseThrow(BearerHeader::refused);
    String issuer = trusted(signed).orElseThrow(BearerHeader::refused);
    OidcIssuer keys = Optional.ofNullable(issuers.get(issuer)).orElseThrow(BearerHeader::refused);
    try {
      JWTClaimsSet claims = keys.verify(signed);
      return new OidcClaims(issuer, claims.getAudience(), claims.getClaims());
    } catch (BadJOSEException e) {
      LOG.debug("A token of {} was refused: {}", issuer, e.getMessage());
      throw new ServerError(
          401,
          ServerError.UNAUTHENTICATED,
          "The token is not valid (any more). Get a new one from its issuer");
    } catch (IOException e) {
      LOG.warn("The keys of {} could not be got: {}", issuer, e.getMessage());
      throw ServerError.busy(
          "The keys of the token's issuer cannot be got at the moment. Try again in some seconds",
          e);
    }
  }
}
