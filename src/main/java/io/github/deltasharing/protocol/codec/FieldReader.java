/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Walks over one JSON object's fields with Jackson's streaming parser. Lenient in scalars: {@code
 * "5"} is 5.
 */
final class FieldReader {
  /** Every whole number below is a double. */
  private static final double MOST_EXACT = 1L << 53;

  private final JsonParser p;

  FieldReader(JsonParser p) {
    this.p = p;
  }

  /**
   * Moves to the next field of the object that the parser is in; null at its end. The parser is
   * then at the value.
   */
  String nextField() throws IOException {
    if (p.nextToken() == JsonToken.END_OBJECT) {
      return null;
    }
    String name = p.currentName();
    if (name.length() > UntrustedJson.LONGEST_NAME) {
      throw new StreamConstraintsException(
          "a name is longer than " + UntrustedJson.LONGEST_NAME + " characters");
    }
    p.nextToken();
    return name;
  }

  /**
   * Enters the object that the parser is at; false, having skipped the value, where it is no
   * object.
   */
  boolean enterObject() throws IOException {
    if (p.currentToken() == JsonToken.START_OBJECT) {
      return true;
    }
    skip();
    return false;
  }

  boolean isObject() {
    return p.currentToken() == JsonToken.START_OBJECT;
  }

  boolean isNull() {
    return p.currentToken() == JsonToken.VALUE_NULL;
  }

  void skip() throws IOException {
    p.skipChildren();
  }

  /** A scalar as text; null for null or a non-scalar, which is skipped. */
  String text() throws IOException {
    if (p.currentToken() == JsonToken.VALUE_STRING) {
      return p.getText();
    }
    if (p.currentToken().isScalarValue() && !isNull()) {
      return p.getText();
    }
    skip();
    return null;
  }

  /** A whole number, also from a numeric string; null where there is none. */
  Long number() throws IOException {
    if (p.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      return p.getLongValue();
    }
    if (p.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
      double value = p.getDoubleValue();
      return value == Math.rint(value) && Math.abs(value) < MOST_EXACT ? (long) value : null;
    }
    String text = text();
    try {
      return text == null ? null : Long.valueOf(text.trim());
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /**
   * Like {@link #number}, and null too where it does not fit: half a number would be another one.
   */
  Integer integer() throws IOException {
    Long value = number();
    return value == null || value != value.intValue() ? null : Integer.valueOf(value.intValue());
  }

  /** A truth value; {@code otherwise} where there is none. */
  boolean bool(boolean otherwise) throws IOException {
    if (p.currentToken() == JsonToken.VALUE_TRUE || p.currentToken() == JsonToken.VALUE_FALSE) {
      return p.getBooleanValue();
    }
    skip();
    return otherwise;
  }

  Map<String, String> stringMap() throws IOException {
    Map<String, String> map = new LinkedHashMap<>();
    if (enterObject()) {
      for (String key = nextField(); key != null; key = nextField()) {
        map.put(key, text());
      }
    }
    return map;
  }

  List<String> strings() throws IOException {
    List<String> list = new ArrayList<>();
    if (p.currentToken() != JsonToken.START_ARRAY) {
      skip();
      return list;
    }
    while (p.nextToken() != JsonToken.END_ARRAY) {
      String item = text();
      if (item != null) {
        list.add(item);
      }
    }
    return list;
  }
}
