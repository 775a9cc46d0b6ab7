/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import com.amazonaws.auth.AWSCredentialsProvider;
import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.model.GetObjectRequest;
import com.amazonaws.services.s3.model.HeadBucketRequest;
import com.amazonaws.services.s3.model.ListObjectsV2Request;
import com.amazonaws.services.s3.model.ListObjectsV2Result;
import com.amazonaws.services.s3.model.ObjectMetadata;
import com.amazonaws.services.s3.model.S3Object;
import io.github.deltasharing.presign.StoreEndpoint;
import io.github.deltasharing.presign.V4Signer;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.s3a.AWSCredentialProviderList;
import org.apache.hadoop.fs.s3a.S3AFileSystem;

/**
 * A bucket, by the settings of one entry of {@code storage}. Hadoop's S3A makes the client of the
 * AWS SDK and finds the credential, by all that Hadoop documents for it; the client itself is used,
 * since S3A's files take two requests to open where one does. Never from Hadoop's cache, in which
 * entries would meet. Safe for use by several threads. Who opened it closes it.
 */
final class S3Bucket implements AutoCloseable {
  private static final String ENDPOINT = "fs.s3a.endpoint";
  private static final String AMAZON = "s3.amazonaws.com";
  private static final String PROVIDERS = "fs.s3a.aws.credentials.provider";
  private static final String ASSUMED_ROLE = "AssumedRoleCredentialProvider";
  private static final String SESSION_DURATION = "fs.s3a.assumed.role.session.duration";

  /** Providers of keys that are configured, and of an instance's or a container's role. */
  private static final Set<String> OF_INSTANCE =
      Set.of(
          "AnonymousAWSCredentialsProvider",
          "ContainerCredentialsProvider",
          "EC2ContainerCredentialsProviderWrapper",
          "EnvironmentVariableCredentialsProvider",
          "IAMInstanceCredentialsProvider",
          "InstanceProfileCredentialsProvider",
          "SimpleAWSCredentialsProvider",
          "TemporaryAWSCredentialsProvider");

  private static final String PART_SIZE = "fs.s3a.multipart.size";
  private static final long PART_BYTES = 64L << 20;

  /** Of stores: shorter parts are refused. */
  private static final long LEAST_PART_BYTES = 5L << 20;

  private static final long MOST_PART_BYTES = 1L << 30;

  /** Of a page, in every store. */
  private static final int MOST_KEYS = 1000;

  private final String name;
  private final S3AFileSystem files;
  private final AmazonS3 client;
  private final AWSCredentialProviderList credentials;
  private final Optional<String> publicEndpoint;
  private final Clock clock;
  private final int pageKeys;
  private S3Signing signing;
  private S3Place place;

  private S3Bucket(String name, S3AFileSystem files, Optional<String> publicEndpoint, Clock clock) {
    this.name = name;
    this.files = files;
    this.client = files.getAmazonS3ClientForTesting("tables' files");
    this.credentials = files.shareCredentials("URLs of tables' files");
    this.publicEndpoint = publicEndpoint;
    this.clock = clock;
    this.pageKeys = Math.min(files.getConf().getInt("fs.s3a.paging.maximum", MOST_KEYS), MOST_KEYS);
  }

  /** Opens a bucket; the store is not asked about it. */
  static S3Bucket open(
      String name, Configuration settings, Optional<String> publicEndpoint, Clock clock)
      throws IOException {
    S3AFileSystem files = new S3AFileSystem();
    try {
      files.initialize(URI.create("s3a://" + name + "/"), settings);
      return new S3Bucket(name, files, publicEndpoint, clock);
    } catch (IOException | RuntimeException e) {
      files.close();
      throw e;
    }
  }

  ObjectMetadata head(String key) {
    return client.getObjectMetadata(name, key);
  }

  /**
   * A page of what is right below a prefix, after a key.
   *
   * @param page the token of the page before, which knows the key too; null for the first
   */
  ListObjectsV2Result list(String prefix, String after, String page) {
    return client.listObjectsV2(
        new ListObjectsV2Request()
            .withBucketName(name)
            .withPrefix(prefix)
            .withDelimiter("/")
            .withMaxKeys(pageKeys)
            .withStartAfter(page == null ? after : null)
            .withContinuationToken(page));
  }

  /** An object from its start. */
  S3Object get(String key) {
    return client.getObject(name, key);
  }

  /** A part of an object, of this state of it; null when it has another one now. */
  S3Object get(String key, String state, long first, long last) {
    return client.getObject(
        new GetObjectRequest(name, key).withRange(first, last).withMatchingETagConstraint(state));
  }

  /** What writes to it. */
  S3Writer writer() {
    return new S3Writer(
        name,
        client,
        files.getRequestFactory(),
        Math.max(
            LEAST_PART_BYTES,
            Math.min(files.getConf().getLongBytes(PART_SIZE, PART_BYTES), MOST_PART_BYTES)));
  }

  /** What requests of this server are signed with; not to be closed. */
  AWSCredentialsProvider credentials() {
    return credentials;
  }

  /** As recipients reach it. */
  synchronized S3Place place() {
    if (place == null) {
      String region = region(files.getConf());
      StoreEndpoint endpoint = endpoint(files.getConf(), region);
      String port = endpoint.port() == -1 ? "" : ":" + endpoint.port();
      place =
          new S3Place(
              endpoint.scheme() + "://" + endpoint.host() + port, region, endpoint.pathStyle());
    }
    return place;
  }

  /** What signs URLs that end then, or before; for one thread. */
  V4Signer signer(Instant expiry) {
    return signing().start(expiry);
  }

  private synchronized S3Signing signing() {
    if (signing == null) {
      Configuration settings = files.getConf();
      String region = region(settings);
      signing =
          new S3Signing(
              credentials,
              sessionDuration(settings),
              leastLeft(settings),
              endpoint(settings, region),
              region,
              name,
              clock);
    }
    return signing;
  }

  /** Of Amazon's buckets the store is asked, once. */
  private String region(Configuration settings) {
    String configured = settings.getTrimmed("fs.s3a.endpoint.region", "");
    if (!configured.isEmpty()) {
      return configured;
    }
    if (!isAmazon(settings)) {
      return Optional.ofNullable(client.getRegionName()).orElse("us-east-1");
    }
    String found = client.headBucket(new HeadBucketRequest(name)).getBucketRegion();
    return found == null ? "us-east-1" : found;
  }

  private static boolean isAmazon(Configuration settings) {
    String endpoint = settings.getTrimmed(ENDPOINT, "");
    return endpoint.isEmpty() || endpoint.equals(AMAZON);
  }

  /** As recipients reach the store. */
  private StoreEndpoint endpoint(Configuration settings, String region) {
    boolean pathStyle = settings.getBoolean("fs.s3a.path.style.access", false);
    if (publicEndpoint.isPresent()) {
      return StoreEndpoint.of(publicEndpoint.get(), pathStyle);
    }
    if (isAmazon(settings)) {
      return StoreEndpoint.aws(region, pathStyle);
    }
    String endpoint = settings.getTrimmed(ENDPOINT);
    boolean secure = settings.getBoolean("fs.s3a.connection.ssl.enabled", true);
    return StoreEndpoint.of(
        endpoint.contains("://") ? endpoint : (secure ? "https://" : "http://") + endpoint,
        pathStyle);
  }

  private static Optional<Duration> sessionDuration(Configuration settings) {
    return settings.getTrimmed(PROVIDERS, "").split(",", 2)[0].strip().endsWith(ASSUMED_ROLE)
        ? Optional.of(
            Duration.ofSeconds(settings.getTimeDuration(SESSION_DURATION, "30m", TimeUnit.SECONDS)))
        : Optional.empty();
  }

  /**
   * How much is left, at least, of a session that a provider gives; the most careful one counts.
   */
  static Duration leastLeft(Configuration settings) {
    for (String provider : settings.getTrimmedStrings(PROVIDERS)) {
      if (!OF_INSTANCE.contains(provider.substring(provider.lastIndexOf('.') + 1))) {
        return S3Signing.LIFE_OF_UNKNOWN;
      }
    }
    return S3Signing.LIFE_OF_INSTANCE;
  }

  @Override
  public void close() throws IOException {
    credentials.close();
    files.close();
  }

  @Override
  public String toString() {
    return "S3Bucket[" + name + "]";
  }
}
