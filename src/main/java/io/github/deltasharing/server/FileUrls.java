package io.github.deltasharing.server;

import java.time.Instant;

/**
 * The URLs and ids of one answer's files; all URLs of an answer expire together. Immutable, safe
 * for use by several threads.
 */
record FileUrls(
    UrlSigner signer, String origin, SharedTable table, Instant expiry, FileIdScheme ids) {

  String url(String relativePath) {
    return signer.sign(origin, table, relativePath, expiry);
  }

  /** The same for the same file in every answer of every server. */
  String id(String relativePath) {
    return ids.id(relativePath);
  }
}
