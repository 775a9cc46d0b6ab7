/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.ui;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file of a page. Its bytes are not to be changed.
 *
 * @param bytes what is in it
 * @param type its media type
 * @param tag the ETag: another for other bytes
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
record PageFile(byte[] bytes, String type, String tag) {
  private static final int TAG_BYTES = 12;

  static PageFile of(byte[] bytes, String type) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return new PageFile(
          bytes, type, "\"" + HexFormat.of().formatHex(digest, 0, TAG_BYTES) + "\"");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This JVM has no SHA-256", e);
    }
  }

  /** Whether a browser has it by its header If-None-Match: as it is, or compressed. */
  boolean isKnownBy(String header) {
    return header != null && header.contains(tag.substring(1, tag.length() - 1));
  }
}
