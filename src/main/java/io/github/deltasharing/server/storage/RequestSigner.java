/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import com.amazonaws.AmazonClientException;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.source.SourceException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Signs requests that recipients send to S3 themselves: they get one object each, of one table.
 * Safe for use by several threads.
 */
public final class RequestSigner {
  private final Stores stores;
  private final Clock clock;

  public RequestSigner(Stores stores, Clock clock) {
    this.stores = stores;
    this.clock = clock;
  }

  /**
   * Where recipients reach the store of a table.
   *
   * @throws SourceException if that is no S3
   */
  public S3Place place(SharedTable table) {
    return bucket(table).place();
  }

  private S3Bucket bucket(SharedTable table) {
    if (!"s3a".equals(table.location().getScheme())) {
      throw SourceException.unsupported(
          "Cannot serve %s to an Iceberg client: its files are not in S3. Read the table over the Delta Sharing protocol"
              .formatted(table.fullName()));
    }
    S3Bucket bucket = stores.bucket(table);
    S3Failures.requirePlace(table, bucket);
    return bucket;
  }

  /**
   * What a URL of a table's store names.
   *
   * @param path below the table's directory
   * @param bucketInPath whether the bucket is in the URL's path, not in its host
   */
  public record Target(String path, boolean bucketInPath) {}

  /** What a URL names, if that is below the table's directory, and said plainly. */
  public Optional<Target> target(SharedTable table, String url) {
    StoreUrls urls = new StoreUrls(place(table).endpoint(), table.location().getAuthority());
    return urls.parse(url)
        .filter(found -> found.path().startsWith(root(table)))
        .map(
            found -> new Target(found.path().substring(root(table).length()), found.bucketInPath()))
        .filter(found -> isPlain(found.path()));
  }

  private static String root(SharedTable table) {
    String path = table.location().getPath();
    return path.isEmpty() ? "" : path.substring(1) + "/";
  }

  /** Without what anything on the way of a request could take for another path. */
  private static boolean isPlain(String path) {
    if (path.chars().anyMatch(c -> c < 0x20 || c == 0x7f || c == '\\')) {
      return false;
    }
    return List.of(path.split("/", -1)).stream()
        .noneMatch(name -> name.isEmpty() || name.equals(".") || name.equals(".."));
  }

  /**
   * Signs a request for a file of a table; it is valid for some minutes.
   *
   * @param method GET or HEAD
   * @param target what {@link #target} found
   * @param sent the headers that the request has already, names in lower case
   * @throws ServerError 400 if there is one among them that is not signed
   */
  public SignedRequest sign(
      SharedTable table, String method, Target target, Map<String, String> sent) {
    S3Bucket bucket = bucket(table);
    try {
      return S3HeaderSigner.sign(
          new StoreUrls(bucket.place().endpoint(), table.location().getAuthority()),
          bucket.place().region(),
          bucket.credentials().getCredentials(),
          new S3HeaderSigner.Unsigned(
              method, new Target(root(table) + target.path(), target.bucketInPath()), sent),
          clock.instant());
    } catch (AmazonClientException e) {
      throw S3Failures.of(table, e);
    }
  }
}
