/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.directory;

import io.github.deltasharing.http.HttpResponse;
import io.github.deltasharing.storage.url.StoreError;
import java.io.IOException;
import java.io.InputStream;

/**
 * One location in an object store, and the credential for it: makes the signed URLs of requests,
 * and reads listings. Driver only; thread-safe.
 */
interface ObjectStore {
  /** The location, which its URLs never lead out of. */
  StoreLocation location();

  /** The store's host, as messages name it. */
  String host();

  /** What the credential has to allow, as messages tell the provider. */
  String permissions();

  /**
   * A URL that gets a page of a directory's listing.
   *
   * @param prefix that the names of the objects begin with, below the location
   * @param after lists what comes after that name, below the location; null for all
   * @param token of the page before, which goes on from there; null for the first page
   * @param most objects on the page
   */
  String list(String prefix, String after, String token, int most);

  /** Reads what such a URL gets, names below the location. */
  ListPage read(InputStream page) throws IOException;

  /** Signs the URLs of a listing: all with one credential, at one time. */
  FileSigner signer();

  /**
   * Whether another try may succeed after a refusal, because of what was learnt from it or another
   * credential.
   *
   * @param tried how often it was so for the same request
   * @param signedAt before the request was signed, by the system's nanoseconds
   */
  boolean mayTryAgain(HttpResponse refusal, StoreError error, int tried, long signedAt);

  /** Makes URLs that get files, until a time. For one thread at a time. */
  interface FileSigner {
    /**
     * A URL that gets one file: a secret.
     *
     * @param path below the location, decoded
     */
    String sign(String path);

    /** When the URLs end, epoch milliseconds. */
    long expiry();
  }
}
