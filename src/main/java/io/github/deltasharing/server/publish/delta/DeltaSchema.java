/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.delta;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.publish.csv.ColumnType;
import io.github.deltasharing.server.publish.csv.CsvColumn;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The columns of a table of a publication, and what of Delta they take: column mapping if a name
 * has characters that Parquet readers do not take. Immutable.
 *
 * @param fields the columns
 * @param mapped whether names are mapped to those in data files
 * @param lastId the highest id that the table ever gave to a column
 */
public record DeltaSchema(List<DeltaField> fields, boolean mapped, long lastId) {
  static final String MODE = "delta.columnMapping.mode";
  static final String LAST_ID = "delta.columnMapping.maxColumnId";
  private static final String ID = "delta.columnMapping.id";
  private static final String PHYSICAL_NAME = "delta.columnMapping.physicalName";
  private static final Set<String> KNOWN = Set.of(ID, PHYSICAL_NAME);
  private static final Pattern ODD = Pattern.compile("[ ,;{}()\\n\\t=]");
  private static final ObjectMapper JSON = new ObjectMapper();

  public DeltaSchema {
    fields = List.copyOf(fields);
  }

  /** The columns of a new table. */
  public static DeltaSchema of(List<CsvColumn> columns) {
    return of(columns, false, 0);
  }

  /** The columns of a table's next version, whatever those were before. */
  public DeltaSchema replacedBy(List<CsvColumn> columns) {
    return of(columns, mapped, lastId);
  }

  private static DeltaSchema of(List<CsvColumn> columns, boolean wasMapped, long lastId) {
    boolean mapped =
        wasMapped || columns.stream().anyMatch(column -> ODD.matcher(column.name()).find());
    List<DeltaField> fields = new ArrayList<>();
    long id = lastId;
    for (CsvColumn column : columns) {
      fields.add(
          mapped
              ? new DeltaField(column.name(), "col-" + UUID.randomUUID(), ++id, column.type())
              : new DeltaField(column.name(), column.name(), 0, column.type()));
    }
    return new DeltaSchema(fields, mapped, id);
  }

  /**
   * The columns of a table that was published.
   *
   * @throws ServerError 409 when another writer made it something that publications do not write
   */
  static DeltaSchema of(Metadata metadata) {
    Map<String, String> properties = new TreeMap<>(metadata.configuration());
    String mode = properties.getOrDefault(MODE, "none");
    long lastId = Long.parseLong(properties.getOrDefault(LAST_ID, "0"));
    properties.remove(MODE);
    properties.remove(LAST_ID);
    boolean mapped = mode.equals("name");
    if (!properties.isEmpty()
        || !metadata.partitionColumns().isEmpty()
        || !mapped && !mode.equals("none")) {
      throw changed();
    }
    List<DeltaField> fields = new ArrayList<>();
    try {
      for (JsonNode field : JSON.readTree(metadata.schemaString()).path("fields")) {
        if (!isWritten(field)) {
          throw changed();
        }
        String name = field.path("name").asText();
        fields.add(
            new DeltaField(
                name,
                mapped ? field.path("metadata").path(PHYSICAL_NAME).asText(name) : name,
                field.path("metadata").path(ID).asLong(),
                ColumnType.parse(field.path("type").asText())));
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A table's schema is no JSON", e);
    }
    return new DeltaSchema(fields, mapped, lastId);
  }

  /** Not a column that is generated, checked, nested, of another type or never null. */
  private static boolean isWritten(JsonNode field) {
    Iterator<String> names = field.path("metadata").fieldNames();
    while (names.hasNext()) {
      if (!KNOWN.contains(names.next())) {
        return false;
      }
    }
    return field.path("nullable").asBoolean(true)
        && field.path("type").isTextual()
        && ColumnType.isKnown(field.path("type").asText());
  }

  static ServerError changed() {
    return new ServerError(
        409,
        ServerError.INVALID_STATE,
        "The table was changed by another writer to something that publications do not write."
            + " Publish the file as another table");
  }

  /** Whether a column has times without a zone. */
  boolean hasLocalTimes() {
    return fields.stream().anyMatch(field -> field.type().kind() == ColumnType.Kind.TIMESTAMP_NTZ);
  }

  /** The columns as a file is to have them. */
  public List<CsvColumn> columns() {
    return fields.stream().map(field -> new CsvColumn(field.name(), field.type())).toList();
  }

  Map<String, String> properties() {
    return mapped ? Map.of(MODE, "name", LAST_ID, String.valueOf(lastId)) : Map.of();
  }

  /** As metadata has it. */
  String toJson() {
    ObjectNode schema = JSON.createObjectNode().put("type", "struct");
    var list = schema.putArray("fields");
    for (DeltaField field : fields) {
      ObjectNode metadata =
          list.addObject()
              .put("name", field.name())
              .put("type", field.type().toString())
              .put("nullable", true)
              .putObject("metadata");
      if (mapped) {
        metadata.put(ID, field.id()).put(PHYSICAL_NAME, field.physicalName());
      }
    }
    return schema.toString();
  }
}
