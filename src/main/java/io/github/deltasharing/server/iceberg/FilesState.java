/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/**
 * What decides how the files of a version are described: equal where they are the same, whatever
 * else the table's metadata says. Immutable.
 *
 * @param table the table's id in its metadata; null in that of early writers
 * @param snapshotId of the version
 * @param terms a digest of the columns as recipients see them
 */
record FilesState(String table, long snapshotId, String terms) {
  /**
   * Of a version.
   *
   * @param columns as recipients see them, with names and types, and which partition the table
   */
  static FilesState of(String table, long snapshotId, String columns) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(columns.getBytes(StandardCharsets.UTF_8));
      return new FilesState(table, snapshotId, HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This JVM has no SHA-256", e);
    }
  }

  /** The same where these are equal. */
  String text() {
    return table + " " + snapshotId + " " + terms;
  }

  /** Whether files that both versions have are described in the same way. */
  boolean isDescribedAs(FilesState other) {
    return Objects.equals(table, other.table) && terms.equals(other.terms);
  }
}
