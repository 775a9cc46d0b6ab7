/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects values for a record whose components are {@link Setting}s, and makes the record: checks
 * types and ranges, and takes defaults for the rest. Not thread-safe.
 *
 * @param <R> the record; its components are booleans and whole numbers
 */
final class SettingValues<R extends Record> {
  private final Class<R> type;
  private final String prefix;
  private final Map<String, JsonNode> given = new HashMap<>();

  SettingValues(Class<R> type) {
    this(type, "");
  }

  /**
   * Settings of a section.
   *
   * @param prefix the section's key and a dot, for messages
   */
  SettingValues(Class<R> type, String prefix) {
    this.type = type;
    this.prefix = prefix;
  }

  /** The settings' keys, in the order of the record. */
  List<String> keys() {
    return Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList();
  }

  void set(String key, long value) {
    given.put(key, LongNode.valueOf(value));
  }

  void set(String key, boolean value) {
    given.put(key, BooleanNode.valueOf(value));
  }

  /** Takes the settings that a mapping has; null means the default. */
  void setAll(JsonNode mapping) {
    for (String key : keys()) {
      if (mapping.hasNonNull(key)) {
        given.put(key, mapping.get(key));
      }
    }
  }

  /**
   * Makes the record.
   *
   * @throws ConfigException when a value is of another type or out of range; the message names its
   *     key
   */
  R build() {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      values[i] = value(components[i]);
    }
    try {
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " is no record of settings", e);
    }
  }

  private Object value(RecordComponent component) {
    Setting setting = component.getAnnotation(Setting.class);
    JsonNode value = given.get(component.getName());
    if (component.getType() == boolean.class) {
      if (value != null && !value.isBoolean()) {
        throw ConfigException.wrong(prefix + component.getName(), value, "true or false");
      }
      return value == null ? Boolean.parseBoolean(setting.defaultValue()) : value.booleanValue();
    }
    if (value != null && !(value.isIntegralNumber() && value.canConvertToLong())) {
      throw ConfigException.wrong(prefix + component.getName(), value, "a whole number");
    }
    long number = value == null ? Long.parseLong(setting.defaultValue()) : value.longValue();
    if (number < setting.min()) {
      throw ConfigException.wrong(
          prefix + component.getName(), number, "a number above " + (setting.min() - 1));
    }
    return component.getType() == int.class
        ? (Object) (int) Math.max(Integer.MIN_VALUE, Math.min(number, Integer.MAX_VALUE))
        : (Object) number;
  }
}
