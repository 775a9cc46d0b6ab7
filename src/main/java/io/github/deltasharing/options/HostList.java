/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.options;

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
}
