/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.api;

import io.github.deltasharing.protocol.codec.RequestField;
import io.github.deltasharing.protocol.codec.RequestField.InvalidFieldException;
import io.github.deltasharing.server.error.ServerError;
import java.util.Optional;
import java.util.OptionalLong;
import org.eclipse.jetty.util.Fields;

/**
 * A request for the changes of a table: for its change data feed, or for the files that commits
 * added and removed, which a stream of the table reads. Immutable.
 *
 * @param feed whether it is for the change data feed
 * @param startingVersion the first version; exactly one of this and the next is there
 * @param startingTimestamp the first version is the earliest at or after this time
 * @param endingVersion the last version; at most one of this and the next is there
 * @param endingTimestamp the last version is the latest at or before this time
 * @param includeHistoricalMetadata whether the response has later metadata
 * @param includeHistoricalProtocol whether the response has later protocols
 * @param maxFiles how many files the client wants on a page
 * @param pageToken where the last page ended
 */
record ChangesParameters(
    boolean feed,
    OptionalLong startingVersion,
    Optional<String> startingTimestamp,
    OptionalLong endingVersion,
    Optional<String> endingTimestamp,
    boolean includeHistoricalMetadata,
    boolean includeHistoricalProtocol,
    OptionalLong maxFiles,
    Optional<String> pageToken) {

  /** The parameters of a request for the change data feed. */
  static ChangesParameters feed(Fields query) {
    try {
      ChangesParameters request =
          new ChangesParameters(
              true,
              number(query, RequestField.STARTING_VERSION),
              in(query, RequestField.STARTING_TIMESTAMP),
              number(query, RequestField.ENDING_VERSION),
              in(query, RequestField.ENDING_TIMESTAMP),
              in(query, RequestField.INCLUDE_HISTORICAL_METADATA).orElse(false),
              in(query, RequestField.INCLUDE_HISTORICAL_PROTOCOL).orElse(false),
              number(query, RequestField.MAX_FILES),
              in(query, RequestField.PAGE_TOKEN));
      request.check();
      return request;
    } catch (InvalidFieldException e) {
      throw ServerError.invalid(e.field() + " must be " + e.allowed());
    }
  }

  /**
   * A query with a {@code startingVersion}. Its hints are not used: a file that is left out of a
   * commit would make the rest of the commit look like something else.
   */
  static ChangesParameters stream(QueryBody query) {
    ChangesParameters request =
        new ChangesParameters(
            false,
            query.startingVersion(),
            Optional.empty(),
            query.endingVersion(),
            Optional.empty(),
            true,
            query.includeHistoricalProtocol(),
            query.maxFiles(),
            query.pageToken());
    request.check();
    return request;
  }

  private void check() {
    if (startingVersion.isPresent() && startingTimestamp.isPresent()) {
      throw exclusive("starting");
    }
    if (endingVersion.isPresent() && endingTimestamp.isPresent()) {
      throw exclusive("ending");
    }
    if (startingVersion.isEmpty() && startingTimestamp.isEmpty()) {
      throw ServerError.invalid(
          "A request for changes needs a start: give startingVersion or startingTimestamp");
    }
    if (startingVersion.isPresent()
        && endingVersion.isPresent()
        && endingVersion.getAsLong() < startingVersion.getAsLong()) {
      throw ServerError.invalid(
          "startingVersion %d is after endingVersion %d: changes are read forwards"
              .formatted(startingVersion.getAsLong(), endingVersion.getAsLong()));
    }
  }

  /** What must be the same for all pages of one request. */
  String fingerprint() {
    return String.join(
        "\n",
        String.valueOf(feed),
        startingVersion.toString(),
        startingTimestamp.toString(),
        endingVersion.toString(),
        endingTimestamp.toString(),
        String.valueOf(includeHistoricalMetadata),
        String.valueOf(includeHistoricalProtocol));
  }

  private static ServerError exclusive(String end) {
    return ServerError.invalid(
        end + "Version and " + end + "Timestamp exclude each other: give one of them");
  }

  private static <T> Optional<T> in(Fields query, RequestField<T> field) {
    return field.ofParameter(query.getValue(field.name()));
  }

  private static OptionalLong number(Fields query, RequestField<Long> field) {
    return in(query, field).map(OptionalLong::of).orElse(OptionalLong.empty());
  }
}
