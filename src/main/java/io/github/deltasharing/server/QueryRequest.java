package io.github.deltasharing.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The body of a query. Fields that are not known are ignored, known ones of a wrong type refused by
 * name. Immutable.
 */
record QueryRequest(
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
    boolean includeHistoricalProtocol) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  static QueryRequest parse(byte[] body) {
    JsonNode json = readTree(body);
    QueryRequest request =
        new QueryRequest(
            texts(json, "predicateHints"),
            text(json, "jsonPredicateHints"),
            number(json, "limitHint", 0),
            number(json, "version", 0),
            text(json, "timestamp"),
            number(json, "maxFiles", 1),
            text(json, "pageToken"),
            bool(json, "includeRefreshToken"),
            text(json, "refreshToken"),
            number(json, "startingVersion", 0),
            number(json, "endingVersion", 0),
            bool(json, "includeHistoricalProtocol"));
    request.check();
    return request;
  }

  private void check() {
    if (version.isPresent() && timestamp.isPresent()) {
      throw ServerError.invalid("version and timestamp exclude each other: give one of them");
    }
    if (startingVersion.isPresent() && asksForVersion()) {
      throw ServerError.invalid(
          "startingVersion asks for changes, version and timestamp for a snapshot: they exclude each"
              + " other, give one of them");
    }
    if (refreshToken.isPresent() && (asksForVersion() || startingVersion.isPresent())) {
      throw ServerError.invalid(
          "refreshToken already stands for a version: give neither version, timestamp nor"
              + " startingVersion with it");
    }
    if (refreshToken.isPresent() && pageToken.isPresent()) {
      throw ServerError.invalid(
          "refreshToken belongs to the first page: give no pageToken with it");
    }
  }

  /** Whether files and metadata are to carry the version, as the protocol has it. */
  boolean asksForVersion() {
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

  private static JsonNode readTree(byte[] body) {
    if (body.length == 0) {
      return MAPPER.createObjectNode();
    }
    try {
      JsonNode json = MAPPER.readTree(body);
      if (json.isObject()) {
        return json;
      }
    } catch (JsonProcessingException e) {
      throw new ServerError(
          400, ServerError.MALFORMED_REQUEST, "The request's body is not JSON", e);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    throw ServerError.malformed("The request's body is not a JSON object");
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
