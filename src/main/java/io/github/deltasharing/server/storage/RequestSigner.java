/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import com.amazonaws.AmazonClientException;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.source.PercentText;
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
   * What a URL of the table's store names.
   *
   * @return the path below the table's directory; empty if it is anything else
   */
  public Optional<String> path(SharedTable table, String url) {
    return key(place(table), table.location().getAuthority(), url)
        .filter(key -> key.startsWith(root(table)))
        .map(key -> key.substring(root(table).length()))
        .filter(RequestSigner::isPlain);
  }

  private static String root(SharedTable table) {
    String path = table.location().getPath();
    return path.isEmpty() ? "" : path.substring(1) + "/";
  }

  /** The object that a URL names, in either of the ways to name its bucket. */
  private static Optional<String> key(S3Place place, String bucket, String url) {
    int hostStart = place.endpoint().indexOf("://") + 3;
    String inPath = place.endpoint() + "/" + bucket + "/";
    String inHost =
        place.endpoint().substring(0, hostStart)
            + bucket
            + "."
            + place.endpoint().substring(hostStart)
            + "/";
    String start = url.startsWith(inPath) ? inPath : inHost;
    if (!url.startsWith(start) || url.indexOf('?') >= 0 || url.indexOf('#') >= 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(PercentText.decode(url.substring(start.length())));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
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
   * @param path below the table's directory
   * @param sent the headers that the request has already, names in lower case
   * @throws ServerError 400 if there is one among them that is not signed
   */
  public SignedRequest sign(
      SharedTable table, String method, String path, Map<String, String> sent) {
    S3Bucket bucket = bucket(table);
    try {
      return S3HeaderSigner.sign(
          bucket.place(),
          bucket.credentials().getCredentials(),
          new S3HeaderSigner.Unsigned(
              method, table.location().getAuthority(), root(table) + path, sent),
          clock.instant());
    } catch (AmazonClientException e) {
      throw S3Failures.of(table, e);
    }
  }
}
