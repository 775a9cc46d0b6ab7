/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

/**
 * A schema of Iceberg's as Delta writes one, with its field ids for column mapping. Types without a
 * counterpart are refused by the column's name. Used once, by one thread.
 */
final class DeltaSchemaJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private final IcebergTable table;
  private final PhysicalNames names;
  private final TypeChanges changes;
  private boolean timesWithoutZone;
  private boolean widened;

  /** Whether columns are found by their ids. */
  private final boolean mapped;

  private boolean named = true;

  DeltaSchemaJson(IcebergTable table, PhysicalNames names, TypeChanges changes, boolean mapped) {
    this.table = table;
    this.names = names;
    this.changes = changes;
    this.mapped = mapped;
  }

  /**
   * What a schema is in Delta's terms, and what a reader of it must know.
   *
   * @param named whether each column has had its name always, and files have it as it is
   */
  record Written(String json, boolean timesWithoutZone, boolean widened, boolean named) {
    /** Whether it takes no table feature to read files by it. */
    boolean isPlain() {
      return named && !widened && !timesWithoutZone;
    }
  }

  /**
   * Writes a schema.
   *
   * @param mapped whether columns are found by their ids, and not by their names
   */
  static Written of(IcebergTable table, Schema schema, TableMetadata metadata, boolean mapped) {
    DeltaSchemaJson writer =
        new DeltaSchemaJson(
            table, new PhysicalNames(metadata), new TypeChanges(metadata.schemas()), mapped);
    ObjectNode json = writer.struct(schema.asStruct(), "");
    try {
      return new Written(
          MAPPER.writeValueAsString(json), writer.timesWithoutZone, writer.widened, writer.named);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether Iceberg's writers call a column of this name so in files. */
  static boolean isPlain(String name) {
    return PLAIN_NAME.matcher(name).matches();
  }

  private ObjectNode struct(Types.StructType struct, String above) {
    ObjectNode json = NODES.objectNode().put("type", "struct");
    ArrayNode fields = json.putArray("fields");
    Set<String> taken = new HashSet<>();
    for (NestedField field : struct.fields()) {
      String path = above.isEmpty() ? field.name() : above + "." + field.name();
      if (!taken.add(field.name().toLowerCase(Locale.ROOT))) {
        throw table.unsupported(
            "it has two columns named '%s' but for upper and lower case".formatted(path));
      }
      fields.add(field(field, path));
    }
    return json;
  }

  private ObjectNode field(NestedField field, String path) {
    if (field.initialDefault() != null) {
      throw table.unsupported(
          "its column '%s' has an initial default, which files that are older lack. Delta has no such defaults"
              .formatted(path));
    }
    ArrayNode typeChanges = NODES.arrayNode();
    ObjectNode json = NODES.objectNode().put("name", field.name());
    json.set("type", type(field.fieldId(), field.type(), path, "", typeChanges));
    json.put("nullable", field.isOptional());
    ObjectNode metadata = json.putObject("metadata");
    // Iceberg's writers change other characters in the names of a file's columns.
    named &= names.of(field).equals(field.name()) && isPlain(field.name());
    if (mapped) {
      metadata.put("delta.columnMapping.id", field.fieldId());
      metadata.put("delta.columnMapping.physicalName", names.of(field));
    }
    if (field.doc() != null) {
      metadata.put("comment", field.doc());
    }
    if (!typeChanges.isEmpty()) {
      metadata.set("delta.typeChanges", typeChanges);
    }
    return json;
  }

  /**
   * A type.
   *
   * @param id of the field, element, key or value that is of the type
   * @param inField the way to it from the field, through lists and maps
   * @param typeChanges of the field
   */
  private JsonNode type(int id, Type type, String path, String inField, ArrayNode typeChanges) {
    if (type instanceof Types.StructType struct) {
      return struct(struct, path);
    }
    if (type instanceof Types.ListType list) {
      ObjectNode json = NODES.objectNode().put("type", "array");
      json.set(
          "elementType",
          type(
              list.elementId(),
              list.elementType(),
              path + ".element",
              below(inField, "element"),
              typeChanges));
      return json.put("containsNull", list.isElementOptional());
    }
    if (type instanceof Types.MapType map) {
      ObjectNode json = NODES.objectNode().put("type", "map");
      json.set(
          "keyType",
          type(map.keyId(), map.keyType(), path + ".key", below(inField, "key"), typeChanges));
      json.set(
          "valueType",
          type(
              map.valueId(),
              map.valueType(),
              path + ".value",
              below(inField, "value"),
              typeChanges));
      return json.put("valueContainsNull", map.isValueOptional());
    }
    return NODES.textNode(primitive(id, type, path, inField, typeChanges));
  }

  private static String below(String inField, String step) {
    return inField.isEmpty() ? step : inField + "." + step;
  }

  private String primitive(int id, Type type, String path, String inField, ArrayNode typeChanges) {
    String name = name(type, path);
    Type.PrimitiveType now = type.asPrimitiveType();
    if (changes.isUnclear(id, now)) {
      throw table.unsupported(
          "its column '%s' was promoted to %s in a way that Delta does not know"
              .formatted(path, type));
    }
    List<Type.PrimitiveType> chain = changes.chain(id, now);
    for (int i = 1; i < chain.size(); i++) {
      widened = true;
      ObjectNode change =
          typeChanges
              .addObject()
              .put("fromType", name(chain.get(i - 1), path))
              .put("toType", name(chain.get(i), path));
      if (!inField.isEmpty()) {
        change.put("fieldPath", inField);
      }
    }
    return name;
  }

  private String name(Type type, String path) {
    return switch (type.typeId()) {
      case BOOLEAN -> "boolean";
      case INTEGER -> "integer";
      case LONG -> "long";
      case FLOAT -> "float";
      case DOUBLE -> "double";
      case DATE -> "date";
      case STRING -> "string";
      case BINARY -> "binary";
      case DECIMAL -> {
        Types.DecimalType decimal = (Types.DecimalType) type;
        yield "decimal(%d,%d)".formatted(decimal.precision(), decimal.scale());
      }
      case TIMESTAMP -> {
        boolean zoned = ((Types.TimestampType) type).shouldAdjustToUTC();
        timesWithoutZone |= !zoned;
        yield zoned ? "timestamp" : "timestamp_ntz";
      }
      default ->
          throw table.unsupported(
              "its column '%s' is of Iceberg's type %s, which has no counterpart in Delta"
                  .formatted(path, type));
    };
  }
}
