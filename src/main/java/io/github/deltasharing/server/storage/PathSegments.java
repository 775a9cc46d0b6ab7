/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.source.PercentText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Percent-encoding of the segments of a URL's path, each exactly once. Stateless. */
public final class PathSegments {
  /** In Iceberg's namespaces. */
  private static final char LEVEL = 0x1f;

  private static final String UNRESERVED = "-._~";

  private PathSegments() {}

  /** Encodes a segment's UTF-8 bytes, all but RFC 3986's unreserved characters. */
  public static String encode(String segment) {
    StringBuilder encoded = new StringBuilder(segment.length() + 16);
    for (byte b : segment.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if (c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0)) {
        encoded.append(c);
      } else {
        encoded
            .append('%')
            .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
            .append(Character.toUpperCase(Character.forDigit(c & 0xf, 16)));
      }
    }
    return encoded.toString();
  }

  /**
   * Splits a raw path at its slashes and decodes each segment, so that an encoded slash never
   * separates.
   *
   * @throws ServerError 400 when a segment is not percent-encoded UTF-8, or has a backslash or a
   *     control character that is no separator of levels
   */
  public static List<String> decodeAll(String rawPath) {
    List<String> segments = new ArrayList<>();
    for (String segment : rawPath.split("/", -1)) {
      String decoded = decode(segment);
      if (decoded.chars().anyMatch(c -> c != LEVEL && (c < ' ' || c == 0x7f || c == '\\'))) {
        throw ServerError.malformed("The path has a backslash or a control character");
      }
      segments.add(decoded);
    }
    return segments;
  }

  private static String decode(String segment) {
    try {
      return PercentText.decode(segment);
    } catch (IllegalArgumentException e) {
      throw new ServerError(400, ServerError.MALFORMED_REQUEST, e.getMessage(), e);
    }
  }
}
