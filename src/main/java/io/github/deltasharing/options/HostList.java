/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.options;

import java.util.Arrays;
import java.util.Locale;

/** Hosts as options list them: separated by commas, {@code *.} for all below a name. Stateless. */
final class HostList {
  private HostList() {}

  static boolean contains(String list, String host) {
    String name = host.toLowerCase(Locale.ROOT);
    for (String entry : list.toLowerCase(Locale.ROOT).split(",")) {
      String pattern = entry.trim();
      if (pattern.startsWith("*.") ? name.endsWith(pattern.substring(1)) : name.equals(pattern)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the list has the host itself, not only a pattern that matches it. */
  static boolean names(String list, String host) {
    return Arrays.stream(list.split(",")).anyMatch(entry -> entry.trim().equalsIgnoreCase(host));
  }
}
