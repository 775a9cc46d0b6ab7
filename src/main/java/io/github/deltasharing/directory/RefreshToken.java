/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.directory;

import io.github.deltasharing.source.SourceException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names the version that a listing was of: its files are signed anew by it. Stateless. */
final class RefreshToken {
  private static final Pattern FORM = Pattern.compile("dir:(\\d{1,18})");

  private RefreshToken() {}

  static String of(long version) {
    return "dir:" + version;
  }

  /** The version of a token; refused where a sharing server made it. */
  static long version(String token) {
    Matcher form = FORM.matcher(token);
    if (!form.matches()) {
      throw SourceException.invalid("the refresh token is of a listing by URLs");
    }
    return Long.parseLong(form.group(1));
  }
}
