/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import com.amazonaws.AbortedException;
import com.amazonaws.AmazonClientException;
import com.amazonaws.AmazonServiceException;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.source.StoreException;
import java.net.URI;
import java.util.Set;
import org.apache.hadoop.fs.s3a.CredentialInitializationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what a failure of an S3 store means for a table: to recipients without names of buckets, to
 * the provider's log with the store's own words for it. Stateless.
 */
final class S3Failures {
  private static final Logger LOG = LoggerFactory.getLogger(S3Failures.class);
  private static final int NOT_FOUND = 404;
  private static final Set<String> EXPIRED = Set.of("ExpiredToken", "TokenRefreshRequired");
  private static final Set<String> ELSEWHERE =
      Set.of(
          "AuthorizationHeaderMalformed",
          "PermanentRedirect",
          "IllegalLocationConstraintException");

  private S3Failures() {}

  /** Whether an object is not there; a bucket that is not there is something else. */
  static boolean isMissing(Exception failure) {
    return failure instanceof AmazonServiceException service
        && service.getStatusCode() == NOT_FOUND
        && !"NoSuchBucket".equals(service.getErrorCode());
  }

  /** Finds out where a bucket is, for which Amazon may have to be asked, the first time. */
  static void requirePlace(SharedTable table, S3Bucket bucket) {
    try {
      bucket.place();
    } catch (AmazonClientException e) {
      throw of(table, e);
    }
  }

  /** What to throw for a failure to read something of a table, which is logged here. */
  static RuntimeException of(SharedTable table, Exception failure) {
    if (failure instanceof AbortedException aborted) {
      return aborted;
    }
    return of("read", table.fullName(), table.location(), failure);
  }

  /** What to throw for a failure to keep tables in a directory, which is logged here. */
  static StoreException writing(URI directory, Exception failure) {
    return of("write tables to", directory.toString(), directory, failure);
  }

  private static StoreException of(String verb, String what, URI location, Exception failure) {
    String about = "Cannot " + verb + " " + what + ": ";
    AmazonServiceException service = cause(failure, AmazonServiceException.class);
    StoreException told =
        service == null ? ofServer(about, failure) : ofResponse(about, verb, service);
    LOG.warn(
        "Cannot {} {} at {}: {}",
        verb,
        what,
        location,
        service == null ? rootMessage(failure) : words(service));
    return told;
  }

  /** Of a failure without a response. */
  private static StoreException ofServer(String about, Exception failure) {
    if (cause(failure, CredentialInitializationException.class) != null) {
      return StoreException.refused(
          about + "the server has no credential for the table's store. Tell the provider", failure);
    }
    if (failure instanceof RuntimeException
        && cause(failure, AmazonClientException.class) == null) {
      return StoreException.refused(
          about
              + "the server's settings of the table's store do not serve. Tell the provider, whose"
              + " log has details",
          failure);
    }
    return StoreException.unavailable(
        about + "the store that holds the table cannot be reached. Try again later", failure);
  }

  private static StoreException ofResponse(
      String about, String verb, AmazonServiceException failure) {
    int status = failure.getStatusCode();
    String code = String.valueOf(failure.getErrorCode());
    if (status >= 500 || status == 429) {
      return StoreException.unavailable(
          about + "the store that holds the table is not able to respond now. Try again later",
          failure);
    }
    String why;
    if (code.equals("NoSuchBucket")) {
      why = "its bucket, as the provider configured it, does not exist";
    } else if (EXPIRED.contains(code)) {
      why = "the server's credential for the table's store has expired";
    } else if (status == 403) {
      why = "the server's credential may not " + verb.split(" ")[0] + " the table's bucket";
    } else if (ELSEWHERE.contains(code) || status / 100 == 3) {
      why = "the table's bucket is in another region, or at another endpoint, than configured";
    } else {
      why = "the table's store refuses the server's requests";
    }
    return StoreException.refused(
        about + why + ". Tell the provider, whose log has details", failure);
  }

  /** Not the exception's own text: what the store sends is in it. */
  private static String words(AmazonServiceException failure) {
    return "the store responded %d %s (its request id: %s)"
        .formatted(failure.getStatusCode(), failure.getErrorCode(), failure.getRequestId());
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.toString();
  }

  private static <T extends Throwable> T cause(Throwable failure, Class<T> type) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return type.cast(t);
      }
    }
    return null;
  }
}
