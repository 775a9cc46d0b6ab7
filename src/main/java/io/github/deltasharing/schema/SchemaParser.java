/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.schema;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.protocol.codec.UntrustedJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Reads a {@code schemaString} (Delta protocol, "Schema Serialization Format"). Spark's own reader
 * is not for text of a stranger: it makes objects of any class that a {@code udt} names. This one
 * knows Delta's types only, takes linear time, and has limits. Used once, by one thread.
 */
public final class SchemaParser {
  /** Types in each other; what comes after the schema calls itself for each. */
  static final int DEEPEST = 50;

  /** Fields, nested ones among them. */
  static final int MOST_FIELDS = 20_000;

  private final String table;
  private final JsonParser json;
  private int fields;

  private SchemaParser(String table, JsonParser json) {
    this.table = table;
    this.json = json;
  }

  /**
   * Reads a table's schema.
   *
   * @param table for messages
   * @throws io.github.deltasharing.error.SharingException if it is none, naming the column
   */
  public static StructType parse(String table, String schemaString) {
    if (schemaString.length() > UntrustedJson.LONGEST_TEXT) {
      throw SharingErrors.badSchema(
          table, "it is longer than " + UntrustedJson.LONGEST_TEXT + " characters");
    }
    try (JsonParser json = UntrustedJson.FACTORY.createParser(schemaString)) {
      SchemaParser parser = new SchemaParser(table, json);
      json.nextToken();
      DataType type = parser.type(ColumnPath.ROOT);
      if (type instanceof StructType struct) {
        return struct;
      }
      throw SharingErrors.badSchema(table, "not a struct");
    } catch (BadSchemaException e) {
      throw SharingErrors.badSchema(table, e.getMessage());
    } catch (IOException e) {
      throw SharingErrors.badSchema(table, "it is " + UntrustedJson.problem(e));
    }
  }

  private DataType type(ColumnPath path) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      return PrimitiveTypes.of(json.getText(), path);
    }
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw path.bad("it has no type");
    }
    if (path.depth() > DEEPEST) {
      throw path.bad("it is nested deeper than " + DEEPEST + " types");
    }
    return nested(path);
  }

  /** Its name may follow its parts. */
  private DataType nested(ColumnPath path) throws IOException {
    String name = null;
    StructField[] members = null;
    DataType element = null;
    DataType key = null;
    DataType value = null;
    boolean elementsNull = true;
    boolean valuesNull = true;
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String part = json.currentName();
      json.nextToken();
      switch (part) {
        case "type" -> name = text(path, part);
        case "fields" -> members = fields(path);
        case "elementType" -> element = type(path.below("element"));
        case "keyType" -> key = type(path.below("key"));
        case "valueType" -> value = type(path.below("value"));
        case "containsNull" -> elementsNull = bool(path, part);
        case "valueContainsNull" -> valuesNull = bool(path, part);
        default -> json.skipChildren();
      }
    }
    if ("struct".equals(name) && members != null) {
      return new StructType(members);
    }
    if ("array".equals(name) && element != null) {
      return new ArrayType(element, elementsNull);
    }
    if ("map".equals(name) && key != null && value != null) {
      return new MapType(key, value, valuesNull);
    }
    if ("variant".equals(name)) {
      // Delta's text writes an array's variants so.
      return PrimitiveTypes.of(name, path);
    }
    throw path.unknown(name == null ? "(none)" : name);
  }

  private StructField[] fields(ColumnPath path) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw path.bad("its 'fields' are no array");
    }
    List<StructField> result = new ArrayList<>();
    Set<String> names = new HashSet<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (++fields > MOST_FIELDS) {
        throw path.bad("it has more than " + MOST_FIELDS + " columns, nested ones among them");
      }
      StructField field = field(path);
      if (!names.add(field.name())) {
        throw path.below(field.name()).bad("there are two of this name");
      }
      result.add(field);
    }
    return result.toArray(StructField[]::new);
  }

  private StructField field(ColumnPath parent) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw parent.bad("one of its fields is no object");
    }
    ColumnPath.Field path = parent.field();
    DataType type = null;
    boolean nullable = true;
    Metadata metadata = Metadata.empty();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String part = json.currentName();
      json.nextToken();
      switch (part) {
        case "name" -> path.name(text(path, part));
        case "type" -> type = type(path);
        case "nullable" -> nullable = bool(path, part);
        case "metadata" -> metadata = ColumnMetadata.read(json, path);
        default -> json.skipChildren();
      }
    }
    if (path.name() == null) {
      throw parent.bad("one of its fields has no name");
    }
    if (type == null) {
      throw path.bad("it has no type");
    }
    DataType collated = Collations.applied(table, path.name(), type, metadata);
    return new StructField(path.name(), collated, nullable, metadata);
  }

  private String text(ColumnPath path, String part) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw path.bad("its '" + part + "' is no text");
    }
    return json.getText();
  }

  private boolean bool(ColumnPath path, String part) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_TRUE
        && json.currentToken() != JsonToken.VALUE_FALSE) {
      throw path.bad("its '" + part + "' is neither true nor false");
    }
    return json.getBooleanValue();
  }
}
