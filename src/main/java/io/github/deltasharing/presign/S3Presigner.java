/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.presign;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Presigns requests to one bucket of S3, or of a store like it, by Signature Version 4 in the query
 * ("Authenticating Requests: Using Query Parameters" of S3's API reference). Immutable but for the
 * signing key of the day that it keeps; safe for use by several threads.
 */
public final class S3Presigner {
  private static final String HMAC = "HmacSHA256";

  private final S3Credentials credentials;
  private final StoreEndpoint endpoint;
  private final String region;
  private final String bucket;
  private volatile DayKey dayKey;

  /** Made for the days of a region; an object of its own so that it is replaced as a whole. */
  private record DayKey(String day, SecretKeySpec key) {
    @Override
    public String toString() {
      return "DayKey[day=" + day + "]";
    }
  }

  /** Creates the presigner; the names are checked, nothing is sent. */
  public S3Presigner(
      S3Credentials credentials, StoreEndpoint endpoint, String region, String bucket) {
    this.credentials = credentials;
    this.endpoint = endpoint;
    this.region = StoreEndpoint.checkRegion(region);
    this.bucket = bucket;
    endpoint.isInPath(bucket);
  }

  /**
   * What signs URLs that are valid from now on, for one thread. It costs about as much as a URL:
   * worth keeping for the files of a listing.
   *
   * @param lifetime at most 7 days, and the credential's own end, count: {@link V4Signer#expiry}
   *     says what came of it
   * @throws IllegalStateException when the credential has ended
   */
  public V4Signer start(Instant now, Duration lifetime) {
    SigningPeriod period = SigningPeriod.of(now, lifetime, credentials.expiry());
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(key(period.timestamp().substring(0, 8)));
      return new V4Signer(
          V4Dialect.AWS,
          new V4Signer.Place(endpoint, bucket, region, "s3"),
          credentials.accessKeyId(),
          credentials.sessionToken(),
          period,
          mac::doFinal);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JVM has no " + HMAC, e);
    }
  }

  private SecretKeySpec key(String day) throws GeneralSecurityException {
    DayKey kept = dayKey;
    if (kept == null || !kept.day().equals(day)) {
      byte[] key = ("AWS4" + credentials.secretAccessKey()).getBytes(UTF_8);
      for (String part : new String[] {day, region, "s3", V4Dialect.AWS.terminator()}) {
        Mac mac = Mac.getInstance(HMAC);
        mac.init(new SecretKeySpec(key, HMAC));
        key = mac.doFinal(part.getBytes(UTF_8));
      }
      kept = new DayKey(day, new SecretKeySpec(key, HMAC));
      dayKey = kept;
    }
    return kept.key();
  }

  /** Without the credential's secrets. */
  @Override
  public String toString() {
    return "S3Presigner[" + endpoint + ", " + region + ", " + bucket + ", " + credentials + "]";
  }
}
