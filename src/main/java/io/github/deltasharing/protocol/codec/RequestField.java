/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A field of a request about a table: its name, and how its values are written and read, in the
 * JSON body of a query or in the URL of any other request (PROTOCOL.md, "Read Data from a Table",
 * "Read Change Data Feed from a Table" and others). The client writes by it, the server reads by
 * it. Immutable.
 *
 * @param <T> its values
 */
public final class RequestField<T> {
  public static final RequestField<List<String>> PREDICATE_HINTS = texts("predicateHints");
  public static final RequestField<String> JSON_PREDICATE_HINTS = text("jsonPredicateHints");
  public static final RequestField<Long> LIMIT_HINT = number("limitHint");
  public static final RequestField<Long> VERSION = number(FieldNames.VERSION);
  public static final RequestField<String> TIMESTAMP = text(FieldNames.TIMESTAMP);

  /** How many files the client wants on a page: the protocol counts them in 32 bits. */
  public static final RequestField<Long> MAX_FILES =
      new RequestField<>("maxFiles", new FieldType.Number(1, Integer.MAX_VALUE));

  public static final RequestField<String> PAGE_TOKEN = text("pageToken");
  public static final RequestField<Boolean> INCLUDE_REFRESH_TOKEN = flag("includeRefreshToken");
  public static final RequestField<String> REFRESH_TOKEN = text(FieldNames.REFRESH_TOKEN);
  public static final RequestField<Long> STARTING_VERSION = number("startingVersion");
  public static final RequestField<Long> ENDING_VERSION = number("endingVersion");
  public static final RequestField<String> STARTING_TIMESTAMP = text("startingTimestamp");
  public static final RequestField<String> ENDING_TIMESTAMP = text("endingTimestamp");
  public static final RequestField<Boolean> INCLUDE_HISTORICAL_METADATA =
      flag("includeHistoricalMetadata");
  public static final RequestField<Boolean> INCLUDE_HISTORICAL_PROTOCOL =
      flag("includeHistoricalProtocol");
  public static final RequestField<String> IDEMPOTENCY_KEY = text("idempotencyKey");

  /** The name that the first client to send the key used. */
  public static final RequestField<String> IDEMPOTENCY_KEY_OLD = text("idempotency_key");

  /** Of a request for a credential: one of the table's places, its root where absent. */
  public static final RequestField<String> LOCATION = text(FieldNames.LOCATION);

  private final String name;
  private final FieldType<T> type;

  private RequestField(String name, FieldType<T> type) {
    this.name = name;
    this.type = type;
  }

  private static RequestField<String> text(String name) {
    return new RequestField<>(name, new FieldType.Text());
  }

  private static RequestField<List<String>> texts(String name) {
    return new RequestField<>(name, new FieldType.Texts());
  }

  private static RequestField<Boolean> flag(String name) {
    return new RequestField<>(name, new FieldType.Flag());
  }

  private static RequestField<Long> number(String name) {
    return new RequestField<>(name, new FieldType.Number(0, Long.MAX_VALUE));
  }

  /** A request has a field with a value that it cannot have. */
  public static final class InvalidFieldException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String field;

    private InvalidFieldException(String field, String allowed) {
      super(allowed);
      this.field = field;
    }

    /** The field's name. */
    public String field() {
      return field;
    }

    /** What it can be, after "must be". */
    public String allowed() {
      return getMessage();
    }
  }

  public String name() {
    return name;
  }

  /** Writes the field into a body, unless the value is null. */
  public void put(ObjectNode body, T value) {
    if (value != null) {
      type.put(body, name, value);
    }
  }

  /**
   * Reads the field of a body; empty where it is absent or null.
   *
   * @throws InvalidFieldException if it is of another type
   */
  public Optional<T> in(JsonNode body) {
    JsonNode value = body.path(name);
    return value.isMissingNode() || value.isNull()
        ? Optional.empty()
        : Optional.of(checked(type.ofJson(value)));
  }

  /** The field as a parameter in a URL's query: name and value, encoded. */
  public String parameter(T value) {
    return name + "=" + URLEncoder.encode(String.valueOf(value), StandardCharsets.UTF_8);
  }

  /**
   * Reads the field from a parameter of a URL's query.
   *
   * @param value decoded, or null where there is no such parameter
   * @throws InvalidFieldException if it is of another type
   */
  public Optional<T> ofParameter(String value) {
    return value == null ? Optional.empty() : Optional.of(checked(type.ofText(value)));
  }

  private T checked(T value) {
    String refusal = type.refusal(value);
    if (refusal != null) {
      throw new InvalidFieldException(name, refusal);
    }
    return value;
  }
}
