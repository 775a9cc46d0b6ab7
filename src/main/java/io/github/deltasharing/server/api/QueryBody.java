package io.github.deltasharing.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.server.error.ServerError;
import java.util.ArrayList;
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
    JsonNode json = RequestJson.read(body);
    QueryBody request =
        new QueryBody(
            texts(json, "predicateHints"),
            text(json, "jsonPredicateHints"),
            number(json, "limitHint", 0),
            number(json, "version", 0),
            text(json, "timestamp"),
            pageSize(json),
            text(json, "pageToken"),
            bool(json, "includeRefreshToken"),
            text(json, "refreshToken"),
            number(json, "startingVersion", 0),
            number(json, "endingVersion", 0),
            bool(json, "includeHistoricalProtocol"),
            text(json, "idempotencyKey").or(() -> text(json, "idempotency_key")));
    request.check();
    return request;
  }

  /** The body of a poll for an asynchronous query: which page of the response is wanted. */
  QueryBody page(byte[] body) {
    JsonNode json = RequestJson.read(body);
    Optional<String> page = text(json, "pageToken");
    return new QueryBody(
        predicateHints,
        jsonPredicateHints,
        limitHint,
        version,
        timestamp,
        pageSize(json),
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

  private static boolean present(JsonNode node) {
    return !node.isMissingNode() && !node.isNull();
  }

  private static Optional<String> text(JsonNode json, String field) {
    JsonNode value = json.path(field);
    if (!present(value)) {
      return Optional.empty();
    }
    if (!value.isTextual()) {
      throw wrong(field, "a string");
    }
    return Optional.of(value.asText());
  }

  private static List<String> texts(JsonNode json, String field) {
    JsonNode value = json.path(field);
    if (present(value) && !value.isArray()) {
      throw wrong(field, "an array of strings");
    }
    List<String> texts = new ArrayList<>();
    value.forEach(item -> texts.add(item.asText()));
    return List.copyOf(texts);
  }

  /** Pages are counted in 32 bits by the protocol. */
  private static OptionalLong pageSize(JsonNode json) {
    OptionalLong size = number(json, "maxFiles", 1);
    if (size.isPresent() && size.getAsLong() > Integer.MAX_VALUE) {
      throw wrong("maxFiles", "a whole number, 1 to " + Integer.MAX_VALUE);
    }
    return size;
  }

  private static OptionalLong number(JsonNode json, String field, long min) {
    JsonNode value = json.path(field);
    if (!present(value)) {
      return OptionalLong.empty();
    }
    long number = -1;
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      number = value.longValue();
    } else if (value.isTextual() && value.textValue().matches("\\d{1,18}")) {
      // So proto3 writes 64-bit numbers.
      number = Long.parseLong(value.textValue());
    }
    if (number < min) {
      throw wrong(field, "a whole number, " + min + " or more");
    }
    return OptionalLong.of(number);
  }

  private static boolean bool(JsonNode json, String field) {
    JsonNode value = json.path(field);
    if (present(value) && !value.isBoolean()) {
      throw wrong(field, "true or false");
    }
    return value.asBoolean(false);
  }

  private static ServerError wrong(String field, String allowed) {
    return ServerError.invalid(field + " in the request's body must be " + allowed);
  }
}
