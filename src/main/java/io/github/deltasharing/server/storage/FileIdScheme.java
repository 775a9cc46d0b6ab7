/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import io.github.deltasharing.protocol.SharingHeaders;
import io.github.deltasharing.server.error.ServerError;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jetty.server.Request;

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

  /** The scheme that a request chooses; a {@link ServerError} 400 when there is none such. */
  public static FileIdScheme of(Request request) {
    String chosen = request.getHeaders().get(SharingHeaders.FILE_IDS);
    return switch (chosen == null ? "" : chosen.trim().toLowerCase(Locale.ROOT)) {
      case "parquet" -> PARQUET;
      case "delta" -> DELTA;
      default -> {
        if (chosen != null) {
          throw ServerError.invalid(
              "The " + SharingHeaders.FILE_IDS + " header must be parquet or delta");
        }
        yield OWN;
      }
    };
  }

  /** What the response's header says; empty unless the client chose. */
  public Optional<String> responseHeader() {
    return this == OWN ? Optional.empty() : Optional.of(name().toLowerCase(Locale.ROOT));
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
