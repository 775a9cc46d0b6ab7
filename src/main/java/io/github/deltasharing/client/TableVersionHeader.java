/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.protocol.SharingHeaders;
import java.util.LinkedHashSet;
import java.util.OptionalLong;
import java.util.Set;

/** Reads the header {@code Delta-Table-Version}. Stateless. */
final class TableVersionHeader {
  private TableVersionHeader() {}

  /**
   * The version; empty where the response has no such header, or a blank one.
   *
   * @throws io.github.deltasharing.error.SharingException if it is no version, or there are two
   */
  static OptionalLong read(String what, String host, RestResponse response) {
    Set<String> values = new LinkedHashSet<>();
    for (String value : response.headers(SharingHeaders.TABLE_VERSION)) {
      if (!value.isBlank()) {
        values.add(value.trim());
      }
    }
    if (values.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      long version = values.size() == 1 ? Long.parseLong(values.iterator().next()) : -1;
      if (version >= 0) {
        return OptionalLong.of(version);
      }
    } catch (NumberFormatException e) {
      // Thrown below.
    }
    throw SharingErrors.badResponse(
        what,
        host,
        "its Delta-Table-Version header is no version: '"
            + response.quotable(String.join("', '", values))
            + "'",
        false);
  }
}
