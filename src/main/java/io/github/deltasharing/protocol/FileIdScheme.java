/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * How the ids of files are made from their paths (PROTOCOL.md, "File ID Hash Header"): always the
 * same for the same file. The two schemes that a client can choose are those of the reference
 * server, so that a cache which is keyed by ids outlives a change of servers.
 */
public enum FileIdScheme {
  /** Of a client that does not choose: the same in both formats. */
  OWN("SHA-256", 16),
  PARQUET("MD5", 16),
  DELTA("SHA-256", 32);

  private final String algorithm;
  private final int bytes;

  FileIdScheme(String algorithm, int bytes) {
    this.algorithm = algorithm;
    this.bytes = bytes;
  }

  /** The scheme of a format; null is a client that does not choose. */
  public static FileIdScheme of(ResponseFormat chosen) {
    return chosen == null ? OWN : chosen == ResponseFormat.PARQUET ? PARQUET : DELTA;
  }

  public String id(String relativePath) {
    try {
      byte[] hash =
          MessageDigest.getInstance(algorithm)
              .digest(relativePath.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This JVM has no " + algorithm, e);
    }
  }
}
