/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.RemoteKeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * One issuer: verifies its tokens by its keys, which are kept for some minutes and got again when a
 * token names one that is not known. Where its keys are it says itself. Safe for use by several
 * threads.
 */
final class OidcIssuer {
  /** Signatures by keys that only the issuer has; nothing that a client could make itself. */
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512);

  private static final Duration KEPT = Duration.ofMinutes(10);
  private static final Duration REFRESH = Duration.ofSeconds(10);
  private static final Duration NOT_MORE_OFTEN = Duration.ofSeconds(30);

  /** How long keys are used while the issuer is away. */
  private static final Duration OUTAGE = Duration.ofHours(1);

  private static final Duration DISCOVERED = Duration.ofHours(24);
  private static final Duration RETRIED = Duration.ofSeconds(2);

  /** What the issuer's and this machine's clocks may differ by. */
  private static final int SKEW_SECONDS = 60;

  private final String issuer;
  private final IssuerDocuments documents;
  private final Clock clock;
  private final LongSupplier nanos;
  private JWKSource<SecurityContext> keys;
  private long discoveredAt;
  private long failedAt;
  private boolean failed;

  OidcIssuer(String issuer, IssuerDocuments documents, Clock clock) {
    this(issuer, documents, clock, System::nanoTime);
  }

  /**
   * As above.
   *
   * @param nanos what time passes by, as {@link System#nanoTime}
   */
  OidcIssuer(String issuer, IssuerDocuments documents, Clock clock, LongSupplier nanos) {
    this.nanos = nanos;
    this.issuer = issuer;
    this.documents = documents;
    this.clock = clock;
  }

  /**
   * The claims of a token, if it is the issuer's and is valid now.
   *
   * @throws BadJOSEException when it is not
   * @throws IOException when the issuer's keys cannot be got
   */
  JWTClaimsSet verify(SignedJWT token) throws BadJOSEException, IOException {
    DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys()));
    processor.setJWTClaimsSetVerifier(claims());
    try {
      return processor.process(token, null);
    } catch (RemoteKeySourceException e) {
      throw new IOException(e);
    } catch (RateLimitReachedException e) {
      throw new BadJOSEException("The token is by a key that is not known", e);
    } catch (JOSEException e) {
      if (isAway(e)) {
        throw new IOException(e);
      }
      throw new BadJOSEException("The token cannot be verified", e);
    }
  }

  private static boolean isAway(Throwable failure) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      if (e instanceof IOException) {
        return true;
      }
    }
    return false;
  }

  private DefaultJWTClaimsVerifier<SecurityContext> claims() {
    DefaultJWTClaimsVerifier<SecurityContext> verifier =
        new DefaultJWTClaimsVerifier<>(
            new JWTClaimsSet.Builder().issuer(issuer).build(), Set.of("exp", "aud")) {
          @Override
          protected Date currentTime() {
            return Date.from(clock.instant());
          }
        };
    verifier.setMaxClockSkew(SKEW_SECONDS);
    return verifier;
  }

  private synchronized JWKSource<SecurityContext> keys() throws IOException {
    long now = nanos.getAsLong();
    if (keys != null && now - discoveredAt < DISCOVERED.toNanos()) {
      return keys;
    }
    if (failed && now - failedAt < RETRIED.toNanos()) {
      if (keys != null) {
        // They lead to where they led, and say themselves when they are too old.
        return keys;
      }
      throw new IOException("The issuer could not be reached");
    }
    try {
      keys =
          JWKSourceBuilder.<SecurityContext>create(discover().toURL(), documents)
              .cache(KEPT.toMillis(), REFRESH.toMillis())
              .refreshAheadCache(false)
              .rateLimited(NOT_MORE_OFTEN.toMillis())
              .outageTolerant(OUTAGE.toMillis())
              .build();
      failed = false;
      discoveredAt = nanos.getAsLong();
    } catch (IOException e) {
      failed = true;
      failedAt = nanos.getAsLong();
      if (keys == null) {
        throw e;
      }
    }
    return keys;
  }

  private URI discover() throws IOException {
    URI place = URI.create(issuer.replaceAll("/+$", "") + "/.well-known/openid-configuration");
    try {
      Map<String, Object> said =
          JSONObjectUtils.parse(documents.retrieveResource(place.toURL()).getContent());
      URI found = JSONObjectUtils.getURI(said, "jwks_uri");
      if (!issuer.equals(said.get("issuer")) || found == null || !isAsSafe(found)) {
        throw new IOException("The issuer's configuration is not its own, or names no keys");
      }
      return found;
    } catch (ParseException e) {
      throw new IOException("The issuer's configuration is not what it should be", e);
    }
  }

  /** With TLS, unless the issuer itself is without. */
  private boolean isAsSafe(URI uri) {
    return "https".equals(uri.getScheme())
        || ("http".equals(uri.getScheme()) && issuer.startsWith("http:"));
  }
}
