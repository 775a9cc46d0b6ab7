/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.protocol.codec.RequestField;
import io.github.deltasharing.protocol.codec.RequestField.InvalidFieldException;
import io.github.deltasharing.server.error.ServerError;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The body of a query. Fields that are not known are ignored, known ones of a wrong type refused by
 * name. Immutable.
 */
record QueryBody(
    List<String> predicateHints,
    Optional<String> jsonPredicateHints,
    OptionalLong limitHint,
    OptionalLong version,
    Optional<String> timestamp,
    OptionalLong maxFiles,
    Optional<String> pageToken,
    boolean includeRefreshToken,
    Optional<String> refreshToken,
    OptionalLong startingVersion,
    OptionalLong endingVersion,
    boolean includeHistoricalProtocol,
    Optional<String> idempotencyKey) {

  static QueryBody parse(byte[] body) {
    try {
      QueryBody request = of(RequestJson.read(body));
      request.check();
      return request;
    } catch (InvalidFieldException e) {
      throw refused(e);
    }
  }

  private static QueryBody of(JsonNode body) {
    return new QueryBody(
        RequestField.PREDICATE_HINTS.in(body).orElse(List.of()),
        RequestField.JSON_PREDICATE_HINTS.in(body),
        number(RequestField.LIMIT_HINT, body),
        number(RequestField.VERSION, body),
        RequestField.TIMESTAMP.in(body),
        number(RequestField.MAX_FILES, body),
        RequestField.PAGE_TOKEN.in(body),
        RequestField.INCLUDE_REFRESH_TOKEN.in(body).orElse(false),
        RequestField.REFRESH_TOKEN.in(body),
        number(RequestField.STARTING_VERSION, body),
        number(RequestField.ENDING_VERSION, body),
        RequestField.INCLUDE_HISTORICAL_PROTOCOL.in(body).orElse(false),
        RequestField.IDEMPOTENCY_KEY.in(body).or(() -> RequestField.IDEMPOTENCY_KEY_OLD.in(body)));
  }

  /** Whether the query is about the latest version, whatever that is. */
  boolean isOfLatest() {
    return version.isEmpty()
        && timestamp.isEmpty()
        && startingVersion.isEmpty()
        && pageToken.isEmpty()
        && refreshToken.isEmpty();
  }

  /** The body of a poll for an asynchronous query: which page of the response is wanted. */
  QueryBody page(byte[] body) {
    JsonNode json = RequestJson.read(body);
    OptionalLong pageSize;
    Optional<String> page;
    try {
      page = RequestField.PAGE_TOKEN.in(json);
      pageSize = number(RequestField.MAX_FILES, json);
    } catch (InvalidFieldException e) {
      throw refused(e);
    }
    return new QueryBody(
        predicateHints,
        jsonPredicateHints,
        limitHint,
        version,
        timestamp,
        pageSize,
        page,
        includeRefreshToken && page.isEmpty(),
        Optional.empty(),
        startingVersion,
        endingVersion,
        includeHistoricalProtocol,
        idempotencyKey);
  }

  private void check() {
    if (version.isPresent() && timestamp.isPresent()) {
      throw ServerError.invalid("version and timestamp exclude each other: give one of them");
    }
    if (startingVersion.isPresent() && namesVersion()) {
      throw ServerError.invalid(
          "startingVersion asks for changes, version and timestamp for a snapshot: they exclude each"
              + " other, give one of them");
    }
    if (refreshToken.isPresent() && (namesVersion() || startingVersion.isPresent())) {
      throw ServerError.invalid(
          "refreshToken already stands for a version: give neither version, timestamp nor"
              + " startingVersion with it");
    }
    if (refreshToken.isPresent() && pageToken.isPresent()) {
      throw ServerError.invalid(
          "refreshToken belongs to the first page: give no pageToken with it");
    }
    if (includeRefreshToken && (namesVersion() || startingVersion.isPresent())) {
      throw ServerError.invalid(
          "includeRefreshToken is for the latest version: give neither version, timestamp nor"
              + " startingVersion with it");
    }
    if (includeRefreshToken && pageToken.isPresent()) {
      throw ServerError.invalid(
          "includeRefreshToken belongs to the first page: give no pageToken with it");
    }
  }

  /** Whether files and metadata are to carry the version, as the protocol has it. */
  boolean namesVersion() {
    return version.isPresent() || timestamp.isPresent();
  }

  /** What must be the same for all pages of one query. */
  String fingerprint() {
    return String.join(
        "\n",
        predicateHints.toString(),
        jsonPredicateHints.toString(),
        limitHint.toString(),
        version.toString(),
        timestamp.toString());
  }

  private static OptionalLong number(RequestField<Long> field, JsonNode body) {
    return field.in(body).map(OptionalLong::of).orElse(OptionalLong.empty());
  }

  private static ServerError refused(InvalidFieldException e) {
    return ServerError.invalid(e.field() + " in the request's body must be " + e.allowed());
  }
}
