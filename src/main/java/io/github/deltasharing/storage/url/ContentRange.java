/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage.url;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code Content-Range} header (RFC 9110, 14.4).
 *
 * @param first first byte
 * @param last last byte, inclusive
 * @param total length of the whole file, or -1 where unsaid
 */
public record ContentRange(long first, long last, long total) {
  private static final Pattern FORM =
      Pattern.compile("bytes\\s+(\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)", Pattern.CASE_INSENSITIVE);

  /** Null where the header is absent or not of that form. */
  public static ContentRange parse(String header) {
    Matcher m = FORM.matcher(header == null ? "" : header.trim());
    if (!m.matches()) {
      return null;
    }
    long total = m.group(3).equals("*") ? -1 : Long.parseLong(m.group(3));
    return new ContentRange(Long.parseLong(m.group(1)), Long.parseLong(m.group(2)), total);
  }
}
