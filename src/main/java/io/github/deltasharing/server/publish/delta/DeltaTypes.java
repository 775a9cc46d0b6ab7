/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.delta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.ByteType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FieldMetadata;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.ShortType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampNTZType;
import io.delta.kernel.types.TimestampType;
import io.github.deltasharing.server.publish.csv.ColumnType;
import io.github.deltasharing.server.publish.csv.CsvColumn;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** Types as a table's metadata has them, and as Kernel does. Stateless. */
final class DeltaTypes {
  private static final String FIELD_ID = "parquet.field.id";
  private static final String PART_IDS = "parquet.field.nested.ids";

  /** After all that a column can have. */
  private static final long FIRST_OF_PARTS = 1 << 30;

  private static final Set<String> KNOWN = Set.of(DeltaSchema.ID, DeltaSchema.PHYSICAL_NAME);
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private DeltaTypes() {}

  /** A struct of fields, as metadata has the columns of a table. */
  static ObjectNode toJson(List<DeltaField> fields) {
    ObjectNode struct = JSON.objectNode().put("type", "struct");
    ArrayNode list = struct.putArray("fields");
    for (DeltaField field : fields) {
      ObjectNode json = list.addObject().put("name", field.name());
      json.set("type", toJson(field));
      ObjectNode metadata = json.put("nullable", true).putObject("metadata");
      if (field.id() > 0) {
        metadata
            .put(DeltaSchema.ID, field.id())
            .put(DeltaSchema.PHYSICAL_NAME, field.physicalName());
      }
    }
    return struct;
  }

  private static JsonNode toJson(DeltaField field) {
    ObjectNode json = JSON.objectNode();
    switch (field.type().kind()) {
      case STRUCT -> json = toJson(field.parts());
      case ARRAY -> {
        json.put("type", "array").set("elementType", toJson(field.parts().get(0)));
        json.put("containsNull", true);
      }
      case MAP -> {
        json.put("type", "map").set("keyType", toJson(field.parts().get(0)));
        json.set("valueType", toJson(field.parts().get(1)));
        json.put("valueContainsNull", true);
      }
      default -> {
        return TextNode.valueOf(field.type().toString());
      }
    }
    return json;
  }

  /**
   * The fields of such a struct.
   *
   * @throws io.github.deltasharing.server.error.ServerError 409 when one is generated, checked, of
   *     another type or never null, as publications do not write it
   */
  static List<DeltaField> fields(JsonNode struct, boolean mapped) {
    List<DeltaField> fields = new ArrayList<>();
    for (JsonNode field : struct.path("fields")) {
      Iterator<String> names = field.path("metadata").fieldNames();
      while (names.hasNext()) {
        if (!KNOWN.contains(names.next())) {
          throw DeltaSchema.changed();
        }
      }
      if (!field.path("nullable").asBoolean(true)) {
        throw DeltaSchema.changed();
      }
      String name = field.path("name").asText();
      DeltaField type = field(name, field.path("type"), mapped);
      fields.add(
          new DeltaField(
              name,
              mapped ? field.path("metadata").path(DeltaSchema.PHYSICAL_NAME).asText(name) : name,
              field.path("metadata").path(DeltaSchema.ID).asLong(),
              type.type(),
              type.parts()));
    }
    return fields;
  }

  private static DeltaField field(String name, JsonNode type, boolean mapped) {
    if (type.isTextual() && ColumnType.isKnown(type.asText())) {
      return DeltaSchema.unnamed(name, ColumnType.parse(type.asText()), List.of());
    }
    List<DeltaField> parts;
    switch (type.path("type").asText()) {
      case "struct" -> {
        parts = fields(type, mapped);
        if (!parts.isEmpty()) {
          List<CsvColumn> columns =
              parts.stream().map(part -> new CsvColumn(part.name(), part.type())).toList();
          return DeltaSchema.unnamed(name, ColumnType.struct(columns), parts);
        }
      }
      case "array" -> {
        if (type.path("containsNull").asBoolean()) {
          parts = List.of(field("element", type.path("elementType"), mapped));
          return DeltaSchema.unnamed(name, ColumnType.array(parts.get(0).type()), parts);
        }
      }
      case "map" -> {
        if (type.path("valueContainsNull").asBoolean()) {
          parts =
              List.of(
                  field("key", type.path("keyType"), mapped),
                  field("value", type.path("valueType"), mapped));
          return DeltaSchema.unnamed(
              name, ColumnType.map(parts.get(0).type(), parts.get(1).type()), parts);
        }
      }
      default -> {
        // Of another kind.
      }
    }
    throw DeltaSchema.changed();
  }

  /** Fields as data files have them. */
  static StructType physical(List<DeltaField> fields) {
    return physical(fields, new AtomicLong(FIRST_OF_PARTS));
  }

  private static StructType physical(List<DeltaField> fields, AtomicLong partIds) {
    List<StructField> physical = new ArrayList<>();
    for (DeltaField field : fields) {
      physical.add(
          new StructField(field.physicalName(), type(field, partIds), true, ids(field, partIds)));
    }
    return new StructType(physical);
  }

  /**
   * The ids that are written to data files. Kernel writes those of fields only together with some
   * for the parts of arrays and maps, which nobody looks for.
   */
  private static FieldMetadata ids(DeltaField field, AtomicLong partIds) {
    if (field.id() == 0) {
      return FieldMetadata.empty();
    }
    FieldMetadata.Builder parts = FieldMetadata.builder();
    addIds(field.physicalName(), field, partIds, parts);
    return FieldMetadata.builder()
        .putLong(FIELD_ID, field.id())
        .putFieldMetadata(PART_IDS, parts.build())
        .build();
  }

  private static void addIds(
      String path, DeltaField field, AtomicLong partIds, FieldMetadata.Builder ids) {
    if (field.type().kind() == ColumnType.Kind.STRUCT) {
      return;
    }
    for (DeltaField part : field.parts()) {
      String longer = path + "." + part.name();
      ids.putLong(longer, partIds.getAndIncrement());
      addIds(longer, part, partIds, ids);
    }
  }

  private static DataType type(DeltaField field, AtomicLong partIds) {
    ColumnType type = field.type();
    return switch (type.kind()) {
      case STRING -> StringType.STRING;
      case BOOLEAN -> BooleanType.BOOLEAN;
      case BYTE -> ByteType.BYTE;
      case SHORT -> ShortType.SHORT;
      case INTEGER -> IntegerType.INTEGER;
      case LONG -> LongType.LONG;
      case FLOAT -> FloatType.FLOAT;
      case DOUBLE -> DoubleType.DOUBLE;
      case DECIMAL -> new DecimalType(type.precision(), type.scale());
      case DATE -> DateType.DATE;
      case TIMESTAMP -> TimestampType.TIMESTAMP;
      case TIMESTAMP_NTZ -> TimestampNTZType.TIMESTAMP_NTZ;
      case BINARY -> BinaryType.BINARY;
      case STRUCT -> physical(field.parts(), partIds);
      case ARRAY -> new ArrayType(type(field.parts().get(0), partIds), true);
      case MAP ->
          new MapType(
              type(field.parts().get(0), partIds), type(field.parts().get(1), partIds), true);
    };
  }
}
