/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.protocol.codec.UntrustedJson;
import io.github.deltasharing.protocol.predicate.ValueType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the columns that predicates name in a table's schema ({@code schemaString}). Names are
 * case-insensitive, dots lead into structs; a name that could mean two columns means none.
 * Immutable after construction.
 */
public final class FilterColumns {
  /** Field metadata with which neither statistics nor constants compare as they look. */
  private static final Set<String> UNORDERED =
      Set.of("delta.typeChanges", "__CHAR_VARCHAR_TYPE_STRING", "__COLLATIONS");

  private final JsonNode schema;
  private final boolean mapped;
  private final Set<String> partitionColumns;

  /**
   * Reads the schema.
   *
   * @param mapped whether files know columns by their physical names
   * @throws IllegalArgumentException when {@code schemaString} is not JSON
   */
  public FilterColumns(String schemaString, Collection<String> partitionColumns, boolean mapped) {
    this.mapped = mapped;
    try {
      this.schema = UntrustedJson.MAPPER.readTree(schemaString);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("The table's schemaString is not JSON", e);
    }
    this.partitionColumns = Set.copyOf(partitionColumns);
  }

  /** The column of this name; empty when there is none or more than one. */
  public Optional<FilterColumn> find(String name) {
    List<FilterColumn> found = new ArrayList<>();
    collect(schema, name, new ArrayList<>(), true, found);
    return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
  }

  /** The column at this path, its names exactly so; empty when there is none. */
  public Optional<FilterColumn> find(List<String> path) {
    JsonNode struct = schema;
    List<String> physical = new ArrayList<>();
    boolean ordered = true;
    for (int i = 0; i < path.size(); i++) {
      JsonNode field = field(struct, path.get(i));
      if (field == null) {
        return Optional.empty();
      }
      ordered &= ordered(field);
      physical.add(physicalName(field, path.get(i)));
      if (i == path.size() - 1) {
        return Optional.of(column(field, path.get(i), physical, i == 0, ordered));
      }
      struct = field.path("type");
    }
    return Optional.empty();
  }

  private static JsonNode field(JsonNode struct, String name) {
    for (JsonNode field : struct.path("fields")) {
      if (field.path("name").asText().equals(name)) {
        return field;
      }
    }
    return null;
  }

  /**
   * The type to compare the column of this name with an SQL constant in; empty when there is none.
   * It is double for a float column, because SQL's constants are not floats.
   */
  public Optional<ValueType> constantType(String name) {
    return find(name)
        .flatMap(FilterColumn::wireType)
        .map(type -> type == ValueType.FLOAT ? ValueType.DOUBLE : type);
  }

  private void collect(
      JsonNode struct, String name, List<String> above, boolean ordered, List<FilterColumn> found) {
    for (JsonNode field : struct.path("fields")) {
      String fieldName = field.path("name").asText();
      boolean fieldOrdered = ordered && ordered(field);
      List<String> path = new ArrayList<>(above);
      path.add(physicalName(field, fieldName));
      if (fieldName.equalsIgnoreCase(name)) {
        found.add(column(field, fieldName, path, above.isEmpty(), fieldOrdered));
      } else if (name.length() > fieldName.length()
          && name.charAt(fieldName.length()) == '.'
          && name.regionMatches(true, 0, fieldName, 0, fieldName.length())) {
        String rest = name.substring(fieldName.length() + 1);
        collect(field.path("type"), rest, path, fieldOrdered, found);
      }
    }
  }

  private FilterColumn column(
      JsonNode field, String name, List<String> path, boolean topLevel, boolean ordered) {
    String type = field.path("type").asText();
    Optional<ValueKind> kind = ordered ? ValueKind.ofType(type) : Optional.empty();
    return new FilterColumn(path, kind, type, topLevel && partitionColumns.contains(name));
  }

  private static boolean ordered(JsonNode field) {
    return UNORDERED.stream().noneMatch(field.path("metadata")::has);
  }

  private String physicalName(JsonNode field, String name) {
    return !mapped
        ? name
        : field.path("metadata").path("delta.columnMapping.physicalName").asText(name);
  }
}
