/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the short form of schemas: an object of fields and their types. A type is the name of a
 * schema or of a kind of values, with limits behind it: {@code string(..255)}, {@code
 * integer(0..9)}, {@code string[1..100]} for a list; {@code a|b} is one of these texts, {@code A|B}
 * one of these schemas. Behind all of it {@code !} marks what is always there, {@code ?} what may
 * be null. The field {@code +} gives a schema the fields of another, {@code *} says of what type
 * fields are that it does not name; an object with the field {@code =} alone is a JSON schema as it
 * is. Immutable.
 */
final class ApiSchemas {
  private static final String MORE = "+";
  private static final String OTHERS = "*";
  private static final String VERBATIM = "=";
  private static final Pattern LIST = Pattern.compile("(.*)\\[(?:(\\d*)\\.\\.(\\d*))?]");
  private static final Pattern LIMITED =
      Pattern.compile("(string|integer)\\((\\d*)\\.\\.(\\d*)\\)");

  private final JsonNode all;

  /** Schemas in the short form, by name. */
  ApiSchemas(JsonNode all) {
    this.all = all;
  }

  /** JSON schemas, by name. */
  ObjectNode json() {
    ObjectNode schemas = object();
    all.fields().forEachRemaining(field -> schemas.set(field.getKey(), schema(field.getValue())));
    return schemas;
  }

  /**
   * The types of a schema's fields, by their names, without whether they may be left out or null.
   */
  ObjectNode types(String schema) {
    ObjectNode types = object();
    all.get(schema)
        .fields()
        .forEachRemaining(
            field ->
                types.set(
                    field.getKey(), type(field.getValue().textValue().replaceFirst("[!?]$", ""))));
    return types;
  }

  /** Whether some field has to be there. */
  boolean isRequired(String schema) {
    return schema(all.get(schema)).has("required");
  }

  /** Whether a type is of objects, or of lists of them. */
  boolean isOfObjects(JsonNode type) {
    JsonNode one = type.has("items") ? type.get("items") : type;
    String name = one.path("$ref").asText().replaceFirst(".*/", "");
    return !name.isEmpty() && schema(all.get(name)).path("type").asText().equals("object");
  }

  private ObjectNode schema(JsonNode given) {
    if (given.isTextual()) {
      return type(given.textValue());
    }
    if (given.has(VERBATIM)) {
      return given.get(VERBATIM).deepCopy();
    }
    ObjectNode schema = object().put("type", "object").put("additionalProperties", false);
    schema.putObject("properties");
    fields(given, schema);
    return schema;
  }

  private void fields(JsonNode fields, ObjectNode schema) {
    fields
        .fields()
        .forEachRemaining(
            field -> {
              String type = field.getValue().textValue();
              if (field.getKey().equals(MORE)) {
                fields(all.get(type), schema);
              } else if (field.getKey().equals(OTHERS)) {
                schema.set("additionalProperties", type(type));
              } else {
                if (type.endsWith("!")) {
                  schema.withArray("required").add(field.getKey());
                }
                ((ObjectNode) schema.get("properties"))
                    .set(field.getKey(), type(type.replaceFirst("!$", "")));
              }
            });
  }

  private ObjectNode type(String type) {
    if (type.endsWith("?")) {
      return orNull(type(type.substring(0, type.length() - 1)));
    }
    Matcher list = LIST.matcher(type);
    if (list.matches()) {
      ObjectNode array = object().put("type", "array");
      array.set("items", type(list.group(1)));
      limit(array, "minItems", list.group(2));
      limit(array, "maxItems", list.group(3));
      return array;
    }
    Matcher limited = LIMITED.matcher(type);
    if (limited.matches()) {
      boolean text = limited.group(1).equals("string");
      ObjectNode schema = type(limited.group(1));
      limit(schema, text ? "minLength" : "minimum", limited.group(2));
      limit(schema, text ? "maxLength" : "maximum", limited.group(3));
      return schema;
    }
    if (all.has(type)) {
      return object().put("$ref", "#/components/schemas/" + type);
    }
    return switch (type) {
      case "string", "boolean" -> object().put("type", type);
      case "integer" -> object().put("type", type).put("format", "int64");
      case "time" -> object().put("type", "string").put("format", "date-time");
      case "day" -> object().put("type", "string").put("format", "date");
      case "any" -> object();
      default -> choice(type.split("\\|", -1));
    };
  }

  private static void limit(ObjectNode schema, String name, String number) {
    if (number != null && !number.isEmpty()) {
      schema.put(name, Long.parseLong(number));
    }
  }

  private ObjectNode choice(String... choices) {
    boolean ofSchemas = all.has(choices[0]);
    ObjectNode choice = object();
    if (!ofSchemas) {
      choice.put("type", "string");
    }
    for (String one : choices) {
      if (ofSchemas) {
        choice.withArray("oneOf").add(type(one));
      } else {
        choice.withArray("enum").add(one);
      }
    }
    return choice;
  }

  private static ObjectNode orNull(ObjectNode schema) {
    if (schema.has("$ref")) {
      ObjectNode choice = object();
      choice.withArray("anyOf").add(schema).addObject().put("type", "null");
      return choice;
    }
    String type = schema.get("type").textValue();
    schema.putArray("type").add(type).add("null");
    if (schema.has("enum")) {
      schema.withArray("enum").addNull();
    }
    return schema;
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
