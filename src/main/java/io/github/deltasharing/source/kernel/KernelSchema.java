/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.kernel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.delta.kernel.internal.actions.Metadata;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Schemas with void columns, which Kernel cannot parse though every Delta table may have them: no
 * data file holds one. Kernel gets the schema with another type in their place, and the schema as
 * it is in a table property of ours; clients get the schema as it is, without that property.
 * Stateless.
 */
public final class KernelSchema {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Spark's names of the type, today and before 3.1. */
  private static final Set<String> VOID = Set.of("void", "null");

  private static final List<String> TYPES = List.of("type", "elementType", "keyType", "valueType");

  /** No table has such a property: Delta Lake refuses to set names with a blank. */
  private static final String ORIGINAL = "deltasharing schema with void columns";

  private KernelSchema() {}

  /** Makes a metadata action of a commit one that Kernel can parse. */
  public static void prepare(ObjectNode metadata) {
    String schema = metadata.path("schemaString").asText("");
    Optional<String> parsed = forKernel(schema);
    if (parsed.isPresent()) {
      metadata.put("schemaString", parsed.get());
      metadata.withObject("/configuration").put(ORIGINAL, schema);
    }
  }

  /** The schema for Kernel, unless it can parse this one as well as it could any. */
  public static Optional<String> forKernel(String schemaString) {
    if (VOID.stream().noneMatch(name -> schemaString.contains("\"" + name + "\""))) {
      return Optional.empty();
    }
    try {
      JsonNode schema = MAPPER.readTree(schemaString);
      return replaceVoid(schema) ? Optional.of(schema.toString()) : Optional.empty();
    } catch (JsonProcessingException e) {
      // Kernel says so too.
      return Optional.empty();
    }
  }

  /** A table's properties and the schema as it is. */
  public static Map<String, String> carrying(
      Map<String, String> configuration, String schemaString) {
    Map<String, String> properties = new HashMap<>(configuration);
    properties.put(ORIGINAL, schemaString);
    return properties;
  }

  /** The schema as the table's log has it. */
  public static String original(Metadata metadata) {
    return metadata.getConfiguration().getOrDefault(ORIGINAL, metadata.getSchemaString());
  }

  /** The table's properties as its log has them. */
  public static Map<String, String> configuration(Metadata metadata) {
    Map<String, String> configuration = metadata.getConfiguration();
    if (!configuration.containsKey(ORIGINAL)) {
      return configuration;
    }
    Map<String, String> own = new HashMap<>(configuration);
    own.remove(ORIGINAL);
    return own;
  }

  private static boolean replaceVoid(JsonNode type) {
    boolean replaced = false;
    for (JsonNode field : type.path("fields")) {
      replaced |= replaceVoid(field);
    }
    for (String key : TYPES) {
      JsonNode inner = type.path(key);
      if (inner.isTextual() && VOID.contains(inner.textValue())) {
        ((ObjectNode) type).set(key, TextNode.valueOf("string"));
        replaced = true;
      } else if (inner.isObject()) {
        replaced |= replaceVoid(inner);
      }
    }
    return replaced;
  }
}
