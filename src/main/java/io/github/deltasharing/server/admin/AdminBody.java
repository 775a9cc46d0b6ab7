/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.admin;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.error.ServerError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A JSON object of a request's body, its fields read by type. What is null is as what is not there.
 * A field of another type, or one that nobody knows, is refused by its name. Immutable.
 */
final class AdminBody {
  private static final int MOST_ITEMS = 1_000;
  private static final int MOST_PROPERTIES = 50;
  private static final int LONGEST_KEY = 255;
  private static final int LONGEST_VALUE = 1_000;
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String place;
  private final ObjectNode fields;

  private AdminBody(String place, ObjectNode fields) {
    this.place = place;
    this.fields = fields;
  }

  /** A body that was made elsewhere. */
  static AdminBody of(ObjectNode fields) {
    return new AdminBody("", fields);
  }

  /** All of it, unchecked. */
  ObjectNode json() {
    return fields;
  }

  /** A body; without bytes, one without fields. */
  static AdminBody parse(byte[] bytes) {
    if (bytes.length == 0) {
      return new AdminBody("", JsonNodeFactory.instance.objectNode());
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (JSON.readTree(text) instanceof ObjectNode object) {
        return new AdminBody("", object);
      }
      throw ServerError.malformed("The request's body is not a JSON object");
    } catch (CharacterCodingException | JsonProcessingException e) {
      throw notJson(e);
    }
  }

  private static ServerError notJson(IOException cause) {
    return new ServerError(
        400,
        ServerError.MALFORMED_REQUEST,
        "The request's body is not JSON, or has a field twice",
        cause);
  }

  /** Refuses fields other than these. */
  AdminBody only(String... known) {
    Set<String> unknown = new TreeSet<>();
    fields.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(Set.of(known));
    if (!unknown.isEmpty()) {
      String first = unknown.iterator().next();
      throw ServerError.invalid(
          "There is no field '"
              + place
              + first.substring(0, Math.min(first.length(), LONGEST_KEY))
              + "'. These are known: "
              + String.join(", ", new TreeSet<>(Set.of(known))));
    }
    return this;
  }

  private Optional<JsonNode> field(String name) {
    return Optional.ofNullable(fields.get(name)).filter(value -> !value.isNull());
  }

  /** Whether a field is there. */
  boolean has(String name) {
    return field(name).isPresent();
  }

  /** A text up to some length, without NUL and halves of characters, which no database keeps. */
  Optional<String> text(String name, int longest) {
    Optional<JsonNode> value = field(name);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(checked(place + name, value.get(), longest));
  }

  private static String checked(String field, JsonNode value, int longest) {
    if (!value.isTextual()
        || value.textValue().length() > longest
        || value.textValue().indexOf('\0') >= 0
        || !StandardCharsets.UTF_8.newEncoder().canEncode(value.textValue())) {
      throw ServerError.invalid(
          field + " must be a Unicode text of up to " + longest + " characters");
    }
    return value.textValue();
  }

  String requiredText(String name, int longest) {
    return text(name, longest)
        .orElseThrow(() -> ServerError.invalid(place + name + " is missing. Give it a value"));
  }

  Optional<Boolean> flag(String name) {
    return field(name)
        .map(
            value -> {
              if (!value.isBoolean()) {
                throw ServerError.invalid(place + name + " must be true or false");
              }
              return value.booleanValue();
            });
  }

  /** A whole number, 0 or more. */
  OptionalLong number(String name, long most) {
    Optional<JsonNode> value = field(name);
    if (value.isEmpty()) {
      return OptionalLong.empty();
    }
    JsonNode number = value.get();
    if (!number.isIntegralNumber()
        || !number.canConvertToLong()
        || number.longValue() < 0
        || number.longValue() > most) {
      throw ServerError.invalid(place + name + " must be a whole number, 0 to " + most);
    }
    return OptionalLong.of(number.longValue());
  }

  Optional<List<String>> texts(String name, int longest) {
    return field(name)
        .map(
            value -> {
              List<String> texts = new ArrayList<>();
              for (JsonNode item : array(name, value, MOST_ITEMS)) {
                texts.add(checked(place + name, item, longest));
              }
              return texts;
            });
  }

  /** The objects in a list. */
  List<AdminBody> objects(String name) {
    return objects(name, MOST_ITEMS);
  }

  /** The objects in a list of up to some of them. */
  List<AdminBody> objects(String name, int most) {
    List<AdminBody> objects = new ArrayList<>();
    if (field(name).isPresent()) {
      for (JsonNode item : array(name, field(name).get(), most)) {
        if (!(item instanceof ObjectNode object)) {
          throw ServerError.invalid(place + name + " must be a list of objects");
        }
        objects.add(new AdminBody(place + name + "[" + objects.size() + "].", object));
      }
    }
    return objects;
  }

  AdminBody object(String name) {
    if (field(name).orElse(null) instanceof ObjectNode object) {
      return new AdminBody(place + name + ".", object);
    }
    throw ServerError.invalid(place + name + " must be an object");
  }

  private JsonNode array(String name, JsonNode value, int most) {
    if (!value.isArray() || value.size() > most) {
      throw ServerError.invalid(place + name + " must be a list of up to " + most + " items");
    }
    return value;
  }

  /** Keys and texts of the provider's own. */
  Optional<Map<String, String>> properties(String name) {
    Optional<JsonNode> value = field(name);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (!value.get().isObject() || value.get().size() > MOST_PROPERTIES) {
      throw ServerError.invalid(
          place + name + " must be an object of up to " + MOST_PROPERTIES + " texts");
    }
    Map<String, String> properties = new TreeMap<>();
    value
        .get()
        .fields()
        .forEachRemaining(
            entry -> {
              checked(
                  place + name + ": each key",
                  JsonNodeFactory.instance.textNode(entry.getKey()),
                  LONGEST_KEY);
              properties.put(
                  entry.getKey(), checked(place + name, entry.getValue(), LONGEST_VALUE));
            });
    return Optional.of(properties);
  }
}
