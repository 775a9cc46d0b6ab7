package io.github.deltasharing.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/**
 * The URLs and ids of one answer's files; all URLs of an answer expire together. Immutable, safe
 * for use by several threads.
 */
record FileUrls(UrlSigner signer, String origin, SharedTable table, Instant expiry) {
  private static final int ID_BYTES = 16;

  String url(String relativePath) {
    return signer.sign(origin, table, relativePath, expiry);
  }

  /** The same for the same file in every answer of every server. */
  static String id(String relativePath) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(relativePath.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This JVM has no SHA-256", e);
    }
  }
}
