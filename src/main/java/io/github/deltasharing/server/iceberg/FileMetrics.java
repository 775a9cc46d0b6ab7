/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

/**
 * The metrics of a data file as statistics of Delta's: counts, and bounds that no value is outside
 * of, which need not be values themselves. Immutable.
 */
final class FileMetrics {
  /** More columns make a line of the response long, and few queries ask for them. */
  private static final int COLUMNS = 100;

  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS").withZone(ZoneOffset.UTC);
  private static final long FIRST_MILLI = Instant.parse("0001-01-01T00:00:00Z").toEpochMilli();
  private static final long LAST_MILLI = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();
  private static final int FIRST_YEAR = 1;
  private static final int LAST_YEAR = 9999;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
          .enable(com.fasterxml.jackson.core.JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
          .disable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private final List<Column> columns = new ArrayList<>();

  /** A column outside of lists and maps. */
  private record Column(int id, Type type, List<String> path) {
    String leaf() {
      return path.get(path.size() - 1);
    }
  }

  /**
   * @param partitions which have values instead
   */
  FileMetrics(Schema schema, PhysicalNames names, IdentityPartitions partitions) {
    collect(schema.asStruct(), List.of(), names);
    columns.removeIf(column -> partitions.has(column.id()));
  }

  /** Whether Delta's texts of dates and times have a year. */
  static boolean hasText(int year) {
    return year >= FIRST_YEAR && year <= LAST_YEAR;
  }

  private void collect(Types.StructType struct, List<String> above, PhysicalNames names) {
    for (NestedField field : struct.fields()) {
      List<String> path = new ArrayList<>(above);
      path.add(names.of(field));
      if (field.type() instanceof Types.StructType nested) {
        collect(nested, path, names);
      } else if (field.type().isPrimitiveType() && columns.size() < COLUMNS) {
        columns.add(new Column(field.fieldId(), field.type(), path));
      }
    }
  }

  /** A file's statistics, JSON as in a Delta log. */
  String json(DataFile file) {
    ObjectNode json = JSON.createObjectNode();
    json.put("numRecords", file.recordCount());
    json.put("tightBounds", false);
    ObjectNode least = json.putObject("minValues");
    ObjectNode most = json.putObject("maxValues");
    ObjectNode nulls = json.putObject("nullCount");
    for (Column column : columns) {
      Long count = value(file.nullValueCounts(), column.id());
      if (count != null && count >= 0 && count <= file.recordCount()) {
        place(nulls, column).put(column.leaf(), count);
      }
      bound(file, column, false).ifPresent(v -> place(least, column).set(column.leaf(), v));
      bound(file, column, true).ifPresent(v -> place(most, column).set(column.leaf(), v));
    }
    try {
      return JSON.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ObjectNode place(ObjectNode json, Column column) {
    ObjectNode at = json;
    for (String name : column.path().subList(0, column.path().size() - 1)) {
      at = at.get(name) instanceof ObjectNode below ? below : at.putObject(name);
    }
    return at;
  }

  private static <T> T value(Map<Integer, T> values, int id) {
    return values == null ? null : values.get(id);
  }

  private static Optional<JsonNode> bound(DataFile file, Column column, boolean upper) {
    ByteBuffer bytes = value(upper ? file.upperBounds() : file.lowerBounds(), column.id());
    if (bytes == null) {
      return Optional.empty();
    }
    Object value = Conversions.fromByteBuffer(column.type(), bytes.duplicate());
    JsonNodeFactory nodes = JSON.getNodeFactory();
    return switch (column.type().typeId()) {
      case INTEGER, LONG -> Optional.of(nodes.numberNode(((Number) value).longValue()));
      case FLOAT, DOUBLE -> fraction(file, column, (Number) value, upper);
      case DECIMAL -> Optional.of(nodes.numberNode((BigDecimal) value));
      case STRING -> Optional.of(nodes.textNode(value.toString()));
      case DATE ->
          Optional.of(LocalDate.ofEpochDay((Integer) value))
              .filter(day -> hasText(day.getYear()))
              .map(day -> nodes.textNode(day.toString()));
      case TIMESTAMP ->
          millis((Long) value, upper)
              .map(
                  text ->
                      ((Types.TimestampType) column.type()).shouldAdjustToUTC()
                          ? nodes.textNode(text + "Z")
                          : nodes.textNode(text));
      default -> Optional.empty();
    };
  }

  /** NaN is above all, and in no bound: there is an upper one only where no value is NaN. */
  private static Optional<JsonNode> fraction(
      DataFile file, Column column, Number value, boolean upper) {
    Long nans = value(file.nanValueCounts(), column.id());
    boolean known = !upper || (nans != null && nans == 0);
    return known && Double.isFinite(value.doubleValue())
        ? Optional.of(
            value instanceof Float
                ? JSON.getNodeFactory().numberNode(value.floatValue())
                : JSON.getNodeFactory().numberNode(value.doubleValue()))
        : Optional.empty();
  }

  private static Optional<String> millis(long micros, boolean upper) {
    long millis = upper ? -Math.floorDiv(-micros, 1000L) : Math.floorDiv(micros, 1000L);
    return millis < FIRST_MILLI || millis > LAST_MILLI
        ? Optional.empty()
        : Optional.of(MILLIS.format(Instant.ofEpochMilli(millis)));
  }
}
