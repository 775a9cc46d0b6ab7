/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * The schema of a Delta table with column mapping as writers with UniForm make one for Iceberg of
 * it: with the field ids of its files, those of elements, keys and values too. Stateless.
 */
final class DeltaSchemas {
  private DeltaSchemas() {}

  static Schema iceberg(JsonNode schema) {
    return new Schema(fields(schema));
  }

  private static List<Types.NestedField> fields(JsonNode struct) {
    List<Types.NestedField> fields = new ArrayList<>();
    for (JsonNode field : struct.path("fields")) {
      JsonNode metadata = field.path("metadata");
      int id = metadata.path("delta.columnMapping.id").asInt();
      String physical = metadata.path("delta.columnMapping.physicalName").asText();
      Type type =
          type(field.path("type"), physical, metadata.path("delta.columnMapping.nested.ids"));
      fields.add(Types.NestedField.optional(id, field.path("name").asText(), type));
    }
    return fields;
  }

  private static Type type(JsonNode type, String path, JsonNode nested) {
    if (type.isTextual()) {
      return primitive(type.asText());
    }
    return switch (type.path("type").asText()) {
      case "struct" -> Types.StructType.of(fields(type));
      case "array" ->
          Types.ListType.ofOptional(
              nested.path(path + ".element").asInt(),
              type(type.path("elementType"), path + ".element", nested));
      case "map" ->
          Types.MapType.ofOptional(
              nested.path(path + ".key").asInt(),
              nested.path(path + ".value").asInt(),
              type(type.path("keyType"), path + ".key", nested),
              type(type.path("valueType"), path + ".value", nested));
      default -> throw new IllegalArgumentException(type.toString());
    };
  }

  private static Type primitive(String name) {
    return switch (name) {
      case "timestamp" -> Types.TimestampType.withZone();
      case "timestamp_ntz" -> Types.TimestampType.withoutZone();
      case "integer" -> Types.IntegerType.get();
      default -> org.apache.iceberg.types.Types.fromPrimitiveString(name);
    };
  }
}
