/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import com.amazonaws.AmazonClientException;
import com.amazonaws.AmazonServiceException;
import com.amazonaws.ClientConfiguration;
import com.amazonaws.auth.AWSSessionCredentials;
import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.services.securitytoken.AWSSecurityTokenService;
import com.amazonaws.services.securitytoken.AWSSecurityTokenServiceClientBuilder;
import com.amazonaws.services.securitytoken.model.AssumeRoleRequest;
import com.amazonaws.services.securitytoken.model.Credentials;
import io.github.deltasharing.cache.Expiring;
import io.github.deltasharing.cache.ExpiringCache;
import io.github.deltasharing.protocol.StoreCredential.S3Keys;
import io.github.deltasharing.protocol.TemporaryCredential;
import io.github.deltasharing.server.auth.Principal;
import io.github.deltasharing.server.config.VendorConfig;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.source.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.apache.hadoop.fs.s3a.CredentialInitializationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Assumes a role for each recipient and table, in a session that can do nothing but read the
 * table's directory. A session is given again for the first half of its life, so that a thousand
 * queries are not a thousand requests. Safe for use by several threads.
 */
final class StsVendor implements CredentialVendor {
  private static final Logger LOG = LoggerFactory.getLogger(StsVendor.class);

  /** What AWS allows a role that is assumed by another role's session. */
  private static final int MOST_SECONDS_CHAINED = 3600;

  private static final int LONGEST_SESSION_NAME = 64;
  private static final int MOST_SESSIONS = 10_000;

  private final VendorConfig.Sts config;
  private final S3Bucket bucket;
  private final Duration validity;
  private final Clock clock;
  private final AWSSecurityTokenService sts;
  private final ExpiringCache<Session> sessions;

  StsVendor(VendorConfig.Sts config, S3Bucket bucket, Duration validity, Clock clock) {
    this.config = config;
    this.bucket = bucket;
    this.validity = validity;
    this.clock = clock;
    this.sts = client();
    this.sessions = new ExpiringCache<>(MOST_SESSIONS, clock);
  }

  /**
   * A session, and until when it is given again.
   *
   * @param expires the middle of its life
   */
  private record Session(TemporaryCredential credential, Instant obtained, Instant expires)
      implements Expiring {}

  private AWSSecurityTokenService client() {
    AWSSecurityTokenServiceClientBuilder builder =
        AWSSecurityTokenServiceClientBuilder.standard()
            .withCredentials(bucket.credentials())
            .withClientConfiguration(
                new ClientConfiguration()
                    .withConnectionTimeout(5_000)
                    .withSocketTimeout(10_000)
                    .withRequestTimeout(10_000)
                    .withClientExecutionTimeout(25_000)
                    .withMaxErrorRetry(2));
    String region = config.region().orElseGet(() -> bucket.place().region());
    return config
        .endpoint()
        .map(url -> builder.withEndpointConfiguration(new EndpointConfiguration(url, region)))
        .orElseGet(() -> builder.withRegion(region))
        .build();
  }

  @Override
  public TemporaryCredential issue(SharedTable table, Principal recipient) {
    return sessions
        .get(
            "getting a credential for " + table.fullName(),
            recipient.id() + "\n" + table.key() + "\n" + table.location(),
            Duration.ZERO,
            () -> assume(table, recipient),
            () -> assume(table, recipient))
        .credential();
  }

  @Override
  public void close() {
    sts.shutdown();
  }

  private Session assume(SharedTable table, Principal recipient) {
    String policy = SessionPolicy.of(partition(), table.location());
    if (policy.length() > SessionPolicy.LONGEST) {
      throw refused(table, "the table's location is too long for a session's policy", null);
    }
    Instant now = clock.instant();
    Credentials session;
    try {
      session =
          sts.assumeRole(
                  new AssumeRoleRequest()
                      .withRoleArn(config.roleArn())
                      .withRoleSessionName(sessionName(recipient))
                      .withExternalId(config.externalId().orElse(null))
                      .withDurationSeconds(seconds())
                      .withPolicy(policy))
              .getCredentials();
    } catch (AmazonServiceException e) {
      throw refusedOrBusy(table, e);
    } catch (CredentialInitializationException e) {
      throw refused(table, "the server has no credential to assume the role with: " + e, e);
    } catch (AmazonClientException e) {
      throw unavailable(table, e.toString(), e);
    }
    if (session == null || session.getExpiration() == null) {
      throw refused(table, "the service's response has no credential", null);
    }
    Instant end = session.getExpiration().toInstant();
    S3Place place = bucket.place();
    S3Keys keys =
        new S3Keys(
            S3Keys.AWS,
            session.getAccessKeyId(),
            session.getSecretAccessKey(),
            session.getSessionToken(),
            place.endpoint(),
            place.region(),
            place.pathStyle());
    return new Session(
        new TemporaryCredential(table.access().location(), keys, end.toEpochMilli()),
        now,
        now.plus(Duration.between(now, end).dividedBy(2)));
  }

  private int seconds() {
    long wanted =
        Math.min(validity.toSeconds(), config.durationSeconds().orElse(Integer.MAX_VALUE));
    long most =
        bucket.credentials().getCredentials() instanceof AWSSessionCredentials
            ? MOST_SECONDS_CHAINED
            : VendorConfig.MOST_SECONDS;
    return (int) Math.max(VendorConfig.LEAST_SECONDS, Math.min(wanted, most));
  }

  /** Of the role; stores that are not Amazon's have one. */
  private String partition() {
    String partition = config.roleArn().split(":", 3)[1];
    return partition.startsWith("aws") ? partition : "aws";
  }

  /** The store's own logs say by it whose requests they were. */
  private String sessionName(Principal recipient) {
    String name = config.sessionName() + "-" + recipient.id().replaceAll("[^A-Za-z0-9_=,.@-]", "-");
    return name.substring(0, Math.min(name.length(), LONGEST_SESSION_NAME));
  }

  private static StoreException refusedOrBusy(SharedTable table, AmazonServiceException failure) {
    // Not the exception's own text: what the service sends is in it.
    String words =
        "the service responded %d %s (its request id: %s)"
            .formatted(failure.getStatusCode(), failure.getErrorCode(), failure.getRequestId());
    boolean busy =
        failure.getStatusCode() >= 500
            || failure.getStatusCode() == 429
            || String.valueOf(failure.getErrorCode()).startsWith("Throttling");
    return busy ? unavailable(table, words, failure) : refused(table, words, failure);
  }

  private static StoreException unavailable(SharedTable table, String why, Exception failure) {
    LOG.warn("Cannot get a credential for {}: {}", table.fullName(), why);
    return StoreException.unavailable(
        "Cannot give a credential for "
            + table.fullName()
            + ": the service that makes them is not able to respond now. Try again later",
        failure);
  }

  private static StoreException refused(SharedTable table, String why, Exception failure) {
    LOG.warn("Cannot get a credential for {}: {}", table.fullName(), why);
    return StoreException.refused(
        "Cannot give a credential for "
            + table.fullName()
            + ": the service that makes them refuses. Tell the provider, whose log has details",
        failure);
  }
}
