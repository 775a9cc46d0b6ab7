/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Reads the short form of schemas: an object of fields and types, of which {@code !} marks those
 * that are always there, {@code []} a list, {@code a|b} texts; else the name of a schema. {@code
 * map} is an object of texts, {@code open} one of anything. Stateless.
 */
final class ApiSchemas {
  /** Gives a schema the fields of another. */
  private static final String MORE = "+";

  private ApiSchemas() {}

  /** JSON schemas, by name. */
  static ObjectNode of(JsonNode all) {
    ObjectNode schemas = object();
    all.fields().forEachRemaining(field -> schemas.set(field.getKey(), of(field.getValue(), all)));
    return schemas;
  }

  private static ObjectNode of(JsonNode text, JsonNode all) {
    if (text.isTextual()) {
      return switch (text.textValue()) {
        case "map" -> map();
        case "open" -> object().put("type", "object");
        default -> type(text.textValue(), all);
      };
    }
    ObjectNode schema = object().put("type", "object").put("additionalProperties", false);
    schema.putObject("properties");
    fields(text, all, schema);
    return schema;
  }

  private static ObjectNode map() {
    ObjectNode schema = object().put("type", "object");
    schema.set("additionalProperties", object().put("type", "string"));
    return schema;
  }

  private static void fields(JsonNode fields, JsonNode all, ObjectNode schema) {
    fields
        .fields()
        .forEachRemaining(
            field -> {
              String type = field.getValue().textValue();
              if (field.getKey().equals(MORE)) {
                fields(all.get(type), all, schema);
                return;
              }
              if (type.endsWith("!")) {
                schema.withArray("required").add(field.getKey());
              }
              ((ObjectNode) schema.get("properties"))
                  .set(field.getKey(), type(type.replaceFirst("!$", ""), all));
            });
  }

  private static ObjectNode type(String type, JsonNode all) {
    if (type.endsWith("[]")) {
      ObjectNode list = object().put("type", "array");
      list.set("items", type(type.substring(0, type.length() - 2), all));
      return list;
    }
    if (all.has(type)) {
      return object().put("$ref", "#/components/schemas/" + type);
    }
    return switch (type) {
      case "string", "boolean" -> object().put("type", type);
      case "integer" -> object().put("type", type).put("format", "int64");
      case "time" -> object().put("type", "string").put("format", "date-time");
      case "any" -> object();
      default -> {
        ObjectNode choice = object().put("type", "string");
        for (String value : type.split("\\|", -1)) {
          choice.withArray("enum").add(value);
        }
        yield choice;
      }
    };
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
