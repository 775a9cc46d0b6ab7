/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.protocol.FormatNegotiation;
import io.github.deltasharing.protocol.ResponseFormat;
import java.util.List;

/** Checks that a response is to the request that was sent. Stateless. */
final class ResponseChecks {
  private ResponseChecks() {}

  /**
   * A legacy server may send parquet where delta was requested; the other way round is an error
   * (PROTOCOL.md).
   */
  static void format(
      String what, String host, List<ResponseFormat> offered, TableMetadata received) {
    if (!FormatNegotiation.isAllowed(received.format(), offered)) {
      throw SharingErrors.badResponse(
          what, host, "it is in delta format where parquet was requested", false);
    }
  }

  /** A server that knows no time travel sends its latest version. */
  static void version(String what, AsOf requested, TableMetadata received) {
    if (requested.version() != null
        && received.version() >= 0
        && received.version() != requested.version()) {
      throw SharingErrors.otherVersion(what, requested.version(), received.version());
    }
  }

  /**
   * Ids of another scheme than the requested one would name other files when URLs are refreshed. A
   * server that does not say has the format's own.
   */
  static void fileIds(String what, String host, ResponseFormat requested, String received) {
    if (requested != null
        && !received.isEmpty()
        && !received.equalsIgnoreCase(requested.wireName())) {
      throw SharingErrors.badResponse(
          what,
          host,
          "its files' ids are of the scheme '"
              + received
              + "' where '"
              + requested.wireName()
              + "' was requested",
          false);
    }
  }

  /** Pages of two versions would make a snapshot that never was. */
  static void samePage(String what, String host, TableMetadata first, TableMetadata next) {
    if (first.version() != next.version() || !first.metadata().id().equals(next.metadata().id())) {
      throw SharingErrors.badResponse(
          what,
          host,
          "its pages belong to versions " + first.version() + " and " + next.version(),
          true);
    }
  }
}
