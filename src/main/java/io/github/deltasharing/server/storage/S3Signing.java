/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import com.amazonaws.auth.AWSCredentials;
import com.amazonaws.auth.AWSCredentialsProvider;
import com.amazonaws.auth.AWSSessionCredentials;
import io.github.deltasharing.presign.S3Credentials;
import io.github.deltasharing.presign.S3Presigner;
import io.github.deltasharing.presign.StoreEndpoint;
import io.github.deltasharing.presign.V4Signer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs URLs of a bucket with the credential that the server reads it with. Where that one is of a
 * session, no URL outlives it: the SDK does not say when a session ends, but one of {@code
 * AssumeRole} lasts as long as was asked for, from when it was got. Of other sessions it is known
 * only how long before their end the SDK renews them. Safe for use by several threads.
 */
final class S3Signing {
  private static final Logger LOG = LoggerFactory.getLogger(S3Signing.class);

  /** What is left, at least, of a session of an instance, as the SDK renews it. */
  static final Duration LIFE_OF_INSTANCE = Duration.ofMinutes(15);

  /** The same of a session that the SDK gets from STS, as for a web identity or a profile. */
  static final Duration LIFE_OF_UNKNOWN = Duration.ofMinutes(1);

  private final AWSCredentialsProvider provider;
  private final Optional<Duration> sessionDuration;
  private final Duration leastLeft;
  private final StoreEndpoint endpoint;
  private final String region;
  private final String bucket;
  private final Clock clock;
  private S3Credentials session;
  private S3Presigner presigner;

  /**
   * Creates the signer.
   *
   * @param sessionDuration how long sessions last that the provider gets; empty if that is not
   *     known
   * @param leastLeft of other sessions, whenever the provider gives them
   * @param endpoint where recipients reach the store
   */
  S3Signing(
      AWSCredentialsProvider provider,
      Optional<Duration> sessionDuration,
      Duration leastLeft,
      StoreEndpoint endpoint,
      String region,
      String bucket,
      Clock clock) {
    this.provider = provider;
    this.sessionDuration = sessionDuration;
    this.leastLeft = leastLeft;
    this.endpoint = endpoint;
    this.region = region;
    this.bucket = bucket;
    this.clock = clock;
  }

  /** What signs URLs that end then, or before; for one thread. */
  synchronized V4Signer start(Instant expiry) {
    Instant now = clock.instant();
    Duration wanted = Duration.between(now, expiry);
    if (wanted.compareTo(Duration.ofSeconds(1)) < 0) {
      wanted = Duration.ofSeconds(1);
    }
    return presigner(credentials(now, wanted)).start(now, wanted);
  }

  private S3Presigner presigner(S3Credentials credentials) {
    // A presigner keeps the key of the day, which is worth keeping.
    if (presigner == null || !credentials.equals(session)) {
      session = credentials;
      presigner = new S3Presigner(credentials, endpoint, region, bucket);
    }
    return presigner;
  }

  private S3Credentials credentials(Instant now, Duration wanted) {
    AWSCredentials current = provider.getCredentials();
    if (!(current instanceof AWSSessionCredentials temporary)) {
      if (current.getAWSAccessKeyId() == null) {
        throw new IllegalStateException(
            "There is no credential to sign URLs with: an anonymous one");
      }
      return S3Credentials.permanent(current.getAWSAccessKeyId(), current.getAWSSecretKey());
    }
    if (sessionDuration.isEmpty()) {
      return of(temporary, now.plus(leastLeft));
    }
    Duration half = sessionDuration.get().dividedBy(2);
    Duration enough = wanted.compareTo(half) < 0 ? wanted : half;
    if (isKept(temporary) && hasLeft(session, now, enough)) {
      return session;
    }
    return renewed(now);
  }

  private boolean isKept(AWSSessionCredentials temporary) {
    return session != null
        && session.sessionToken().equals(Optional.ofNullable(temporary.getSessionToken()));
  }

  private static boolean hasLeft(S3Credentials session, Instant now, Duration life) {
    return session.expiry().filter(end -> !end.isBefore(now.plus(life))).isPresent();
  }

  /** A session that starts not before now. One that cannot be renewed serves to its end. */
  private S3Credentials renewed(Instant now) {
    try {
      provider.refresh();
    } catch (RuntimeException e) {
      if (session != null && hasLeft(session, now, Duration.ofSeconds(1))) {
        LOG.warn("The session that signs URLs of {} cannot be renewed: {}", bucket, e.toString());
        return session;
      }
      throw e;
    }
    return provider.getCredentials() instanceof AWSSessionCredentials fresh
        ? of(fresh, now.plus(sessionDuration.orElseThrow()))
        : session;
  }

  private static S3Credentials of(AWSSessionCredentials temporary, Instant end) {
    return new S3Credentials(
        temporary.getAWSAccessKeyId(),
        temporary.getAWSSecretKey(),
        Optional.ofNullable(temporary.getSessionToken()),
        Optional.of(end));
  }
}
