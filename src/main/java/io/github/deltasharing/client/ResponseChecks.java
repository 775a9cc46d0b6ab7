package io.github.deltasharing.client;

import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.protocol.FormatNegotiation;
import io.github.deltasharing.protocol.ResponseFormat;
import java.util.List;

/** Refuses answers to questions that were not asked. */
final class ResponseChecks {
  private ResponseChecks() {}

  /**
   * A legacy server may answer parquet to whoever asks for delta; the other way round is an error
   * (PROTOCOL.md).
   */
  static void format(
      String what, String host, List<ResponseFormat> offered, TableMetadata answered) {
    if (!FormatNegotiation.isAllowed(answered.format(), offered)) {
      throw SharingErrors.badAnswer(
          what, host, "it is in delta format where parquet was asked for", false);
    }
  }

  /** A server that knows no time travel answers with its latest version. */
  static void version(String what, AsOf asked, TableMetadata answered) {
    if (asked.version() != null
        && answered.version() >= 0
        && answered.version() != asked.version()) {
      throw SharingErrors.otherVersion(what, asked.version(), answered.version());
    }
  }

  /**
   * Ids of another scheme than the one asked for would name other files when URLs are refreshed. A
   * server that does not say has the dialect's own.
   */
  static void fileIds(String what, String host, ResponseFormat asked, String answered) {
    if (asked != null && !answered.isEmpty() && !answered.equalsIgnoreCase(asked.wireName())) {
      throw SharingErrors.badAnswer(
          what,
          host,
          "its files' ids are of the scheme '"
              + answered
              + "' where '"
              + asked.wireName()
              + "' was asked for",
          false);
    }
  }

  /** Pages of two versions would make a snapshot that never was. */
  static void samePage(String what, String host, TableMetadata first, TableMetadata next) {
    if (first.version() != next.version() || !first.metadata().id().equals(next.metadata().id())) {
      throw SharingErrors.badAnswer(
          what,
          host,
          "its pages belong to versions " + first.version() + " and " + next.version(),
          true);
    }
  }
}
