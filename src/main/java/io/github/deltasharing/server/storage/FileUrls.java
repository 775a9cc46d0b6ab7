package io.github.deltasharing.server.storage;

import io.github.deltasharing.server.share.SharedTable;
import java.time.Instant;

/**
 * The URLs and ids of one answer's files; all URLs of an answer expire together. Immutable, safe
 * for use by several threads.
 */
public record FileUrls(
    UrlSigner signer, String origin, SharedTable table, Instant expiry, FileIdScheme ids) {

  public String url(String relativePath) {
    return signer.sign(origin, table, relativePath, expiry);
  }

  /** The same for the same file in every answer of every server. */
  public String id(String relativePath) {
    return ids.id(relativePath);
  }
}
