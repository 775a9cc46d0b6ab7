/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.delta;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.publish.csv.ColumnType;
import io.github.deltasharing.server.publish.csv.CsvColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
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
  static final String ID = "delta.columnMapping.id";
  static final String PHYSICAL_NAME = "delta.columnMapping.physicalName";
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
    boolean mapped = wasMapped || columns.stream().anyMatch(DeltaSchema::isOdd);
    AtomicLong id = new AtomicLong(lastId);
    List<DeltaField> fields = new ArrayList<>();
    columns.forEach(column -> fields.add(field(column, mapped, id)));
    return new DeltaSchema(fields, mapped, id.get());
  }

  /** Whether it takes column mapping, for its name or for one in it. */
  private static boolean isOdd(CsvColumn column) {
    return ODD.matcher(column.name()).find()
        || column.type().parts().stream().anyMatch(DeltaSchema::isOdd);
  }

  private static DeltaField field(CsvColumn column, boolean mapped, AtomicLong id) {
    long own = mapped ? id.incrementAndGet() : 0;
    return new DeltaField(
        column.name(),
        mapped ? "col-" + UUID.randomUUID() : column.name(),
        own,
        column.type(),
        parts(column.type(), mapped, id));
  }

  private static List<DeltaField> parts(ColumnType type, boolean mapped, AtomicLong id) {
    List<DeltaField> parts = new ArrayList<>();
    for (CsvColumn part : type.parts()) {
      parts.add(
          type.kind() == ColumnType.Kind.STRUCT
              ? field(part, mapped, id)
              : unnamed(part.name(), part.type(), parts(part.type(), mapped, id)));
    }
    return parts;
  }

  /** A part that is called by what it is. */
  static DeltaField unnamed(String what, ColumnType type, List<DeltaField> parts) {
    return new DeltaField(what, what, 0, type, parts);
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
    try {
      return new DeltaSchema(
          DeltaTypes.fields(JSON.readTree(metadata.schemaString()), mapped), mapped, lastId);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A table's schema is no JSON", e);
    }
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
    return fields.stream().anyMatch(field -> field.type().has(ColumnType.Kind.TIMESTAMP_NTZ));
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
    return DeltaTypes.toJson(fields).toString();
  }
}
