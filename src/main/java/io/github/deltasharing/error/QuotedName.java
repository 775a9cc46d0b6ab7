/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.error;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Names as SQL has them: parts that are no plain identifiers stand in backticks. Stateless. */
public final class QuotedName {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private QuotedName() {}

  /** A name of several parts. */
  public static String of(List<String> parts) {
    return parts.stream()
        .map(part -> PLAIN.matcher(part).matches() ? part : "`" + part.replace("`", "``") + "`")
        .collect(Collectors.joining("."));
  }
}
