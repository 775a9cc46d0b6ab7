/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.schema;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;

/**
 * Reads a field's metadata as Spark would: whole numbers, fractions, truth values, text, objects,
 * and lists of one of these. What Spark has no place for is left out, as is text that Spark would
 * expect and that is none. Stateless.
 */
final class ColumnMetadata {
  /** Objects in each other. */
  private static final int DEEPEST = 100;

  /** What Spark casts to text, whatever it is. */
  private static final Set<String> TEXTS = Set.of("comment", CharTypes.KEY);

  private static final String PHYSICAL_NAME = "delta.columnMapping.physicalName";
  private static final String COLUMN_ID = "delta.columnMapping.id";

  private ColumnMetadata() {}

  /** The metadata at the position of {@code json}; null is empty. */
  static Metadata read(JsonParser json, ColumnPath path) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return Metadata.empty();
    }
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw path.bad("its 'metadata' is no object");
    }
    return object(json, path, 0);
  }

  private static Metadata object(JsonParser json, ColumnPath path, int depth) throws IOException {
    if (depth > DEEPEST) {
      throw path.bad("its 'metadata' is nested deeper than " + DEEPEST + " objects");
    }
    MetadataBuilder builder = new MetadataBuilder();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String key = json.currentName();
      JsonToken token = json.nextToken();
      if (depth == 0 && !check(key, token, path)) {
        json.skipChildren();
        continue;
      }
      switch (token) {
        case VALUE_NULL -> builder.putNull(key);
        case START_ARRAY -> array(builder, key, values(json, path, depth));
        default -> put(builder, key, value(json, path, depth));
      }
    }
    return builder.build();
  }

  /** Whether the value of this key can be kept. */
  private static boolean check(String key, JsonToken token, ColumnPath path) {
    if (key.equals(PHYSICAL_NAME) && token != JsonToken.VALUE_STRING) {
      throw path.bad("its '" + PHYSICAL_NAME + "' is no text");
    }
    if (key.equals(COLUMN_ID) && token != JsonToken.VALUE_NUMBER_INT) {
      throw path.bad("its '" + COLUMN_ID + "' is no whole number");
    }
    if (key.equals(Collations.KEY) && token != JsonToken.START_OBJECT) {
      throw path.bad("its '" + Collations.KEY + "' are no object");
    }
    return !TEXTS.contains(key) || token == JsonToken.VALUE_STRING;
  }

  /** One value that is no array; null where Spark has no place for it. */
  private static Object value(JsonParser json, ColumnPath path, int depth) throws IOException {
    return switch (json.currentToken()) {
      case VALUE_STRING -> json.getText();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NUMBER_INT -> whole(json.getBigIntegerValue());
      case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
      case START_OBJECT -> object(json, path, depth + 1);
      default -> {
        json.skipChildren();
        yield null;
      }
    };
  }

  private static Long whole(BigInteger number) {
    return number.bitLength() < Long.SIZE ? number.longValue() : null;
  }

  private static List<Object> values(JsonParser json, ColumnPath path, int depth)
      throws IOException {
    List<Object> values = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      values.add(value(json, path, depth));
    }
    return values;
  }

  private static void put(MetadataBuilder builder, String key, Object value) {
    if (value instanceof String text) {
      builder.putString(key, text);
    } else if (value instanceof Boolean truth) {
      builder.putBoolean(key, truth);
    } else if (value instanceof Long number) {
      builder.putLong(key, number);
    } else if (value instanceof Double number) {
      builder.putDouble(key, number);
    } else if (value instanceof Metadata object) {
      builder.putMetadata(key, object);
    }
  }

  private static void array(MetadataBuilder builder, String key, List<Object> values) {
    if (values.isEmpty()) {
      builder.putLongArray(key, new long[0]);
    } else if (are(values, Long.class)) {
      builder.putLongArray(key, values.stream().mapToLong(value -> (Long) value).toArray());
    } else if (are(values, Double.class)) {
      builder.putDoubleArray(key, values.stream().mapToDouble(value -> (Double) value).toArray());
    } else if (are(values, String.class)) {
      builder.putStringArray(key, values.toArray(String[]::new));
    } else if (are(values, Metadata.class)) {
      builder.putMetadataArray(key, values.toArray(Metadata[]::new));
    } else if (are(values, Boolean.class)) {
      boolean[] truths = new boolean[values.size()];
      for (int i = 0; i < truths.length; i++) {
        truths[i] = (Boolean) values.get(i);
      }
      builder.putBooleanArray(key, truths);
    }
  }

  private static boolean are(List<Object> values, Class<?> type) {
    return values.stream().allMatch(type::isInstance);
  }
}
