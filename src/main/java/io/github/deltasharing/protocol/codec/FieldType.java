/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The type of a request's field. What is of another type is read as null, which {@link #refusal}
 * says why. Stateless.
 */
sealed interface FieldType<T> {
  void put(ObjectNode body, String name, T value);

  /** The value in a body, or null. */
  T ofJson(JsonNode value);

  /** The value of a URL's parameter, or null. */
  T ofText(String text);

  /** What it must be, if this value, or null, is not allowed; else null. */
  String refusal(T value);

  /** A text. */
  record Text() implements FieldType<String> {
    @Override
    public void put(ObjectNode body, String name, String value) {
      body.put(name, value);
    }

    @Override
    public String ofJson(JsonNode value) {
      return value.isTextual() ? value.asText() : null;
    }

    @Override
    public String ofText(String text) {
      return text;
    }

    @Override
    public String refusal(String value) {
      return value == null ? "a string" : null;
    }
  }

  /** Some texts; scalars of another type are texts too. */
  record Texts() implements FieldType<List<String>> {
    @Override
    public void put(ObjectNode body, String name, List<String> value) {
      ArrayNode array = body.putArray(name);
      value.forEach(array::add);
    }

    @Override
    public List<String> ofJson(JsonNode value) {
      if (!value.isArray()) {
        return null;
      }
      List<String> texts = new ArrayList<>();
      value.forEach(item -> texts.add(item.asText()));
      return List.copyOf(texts);
    }

    @Override
    public List<String> ofText(String text) {
      return List.of(text);
    }

    @Override
    public String refusal(List<String> value) {
      return value == null ? "an array of strings" : null;
    }
  }

  /** True or false. */
  record Flag() implements FieldType<Boolean> {
    @Override
    public void put(ObjectNode body, String name, Boolean value) {
      body.put(name, value);
    }

    @Override
    public Boolean ofJson(JsonNode value) {
      return value.isBoolean() ? value.booleanValue() : null;
    }

    @Override
    public Boolean ofText(String text) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "true" -> true;
        case "false" -> false;
        default -> null;
      };
    }

    @Override
    public String refusal(Boolean value) {
      return value == null ? "true or false" : null;
    }
  }

  /**
   * A whole number.
   *
   * @param min the least one, 0 or more
   */
  record Number(long min, long max) implements FieldType<Long> {
    @Override
    public void put(ObjectNode body, String name, Long value) {
      body.put(name, value);
    }

    @Override
    public Long ofJson(JsonNode value) {
      if (value.isIntegralNumber() && value.canConvertToLong()) {
        return value.longValue();
      }
      // So proto3 writes 64-bit numbers.
      return value.isTextual() ? ofText(value.textValue()) : null;
    }

    @Override
    public Long ofText(String text) {
      return text.matches("\\d{1,18}") ? Long.valueOf(text) : null;
    }

    @Override
    public String refusal(Long value) {
      if (value == null || value < min) {
        return "a whole number, " + min + " or more";
      }
      return value > max ? "a whole number, " + min + " to " + max : null;
    }
  }
}
