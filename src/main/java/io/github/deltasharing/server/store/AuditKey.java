/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What names of audits are found by: short enough for an index on several of them. Stateless. */
final class AuditKey {
  private static final int LONGEST = 100;
  private static final int PREFIX = 50;

  private AuditKey() {}

  /** A name without regard to case; a long one's beginning and hash. */
  static String of(String name) {
    String key = Names.key(name);
    return key.length() <= LONGEST ? key : key.substring(0, PREFIX) + '#' + hash(key);
  }

  private static String hash(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JVM has SHA-256", e);
    }
  }
}
