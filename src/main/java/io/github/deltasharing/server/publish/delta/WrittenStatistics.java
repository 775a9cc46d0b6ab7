/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.delta;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.utils.DataFileStatistics;
import io.github.deltasharing.server.publish.csv.ColumnType;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The statistics of a data file as a Delta log has them. Texts are cut after 32 characters, times
 * are rounded to milliseconds; bounds stay bounds. Stateless.
 */
final class WrittenStatistics {
  /** Delta's own default: of how many columns there are statistics. */
  private static final int COLUMNS = 32;

  private static final int PREFIX = 32;
  private static final String GREATEST = new String(Character.toChars(Character.MAX_CODE_POINT));
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

  /** Later years have more than four digits, which readers do not parse. */
  private static final int LAST_YEAR = 9999;

  private static final long LAST_MILLI = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
          .enable(com.fasterxml.jackson.core.JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
          .disable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private WrittenStatistics() {}

  /** The columns that statistics are of. */
  static List<Column> columns(DeltaSchema schema) {
    List<Column> columns = new ArrayList<>();
    described(schema).forEach(field -> columns.add(new Column(field.physicalName())));
    return columns;
  }

  /** Of columns with parts readers can do without. */
  private static Stream<DeltaField> described(DeltaSchema schema) {
    return schema.fields().stream().limit(COLUMNS).filter(field -> !field.type().isNested());
  }

  static String json(DeltaSchema schema, DataFileStatistics statistics) {
    ObjectNode json = JSON.createObjectNode();
    json.put("numRecords", statistics.getNumRecords());
    ObjectNode least = json.putObject("minValues");
    ObjectNode most = json.putObject("maxValues");
    ObjectNode nulls = json.putObject("nullCount");
    for (DeltaField field : described(schema).toList()) {
      Column column = new Column(field.physicalName());
      Long count = statistics.getNullCounts().get(column);
      if (count != null) {
        nulls.put(field.physicalName(), count);
      }
      value(field.type(), statistics.getMinValues().get(column), false)
          .ifPresent(value -> least.set(field.physicalName(), value));
      value(field.type(), statistics.getMaxValues().get(column), true)
          .ifPresent(value -> most.set(field.physicalName(), value));
    }
    try {
      return JSON.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Optional<JsonNode> value(ColumnType type, Literal literal, boolean upper) {
    if (literal == null || literal.getValue() == null) {
      return Optional.empty();
    }
    JsonNodeFactory nodes = JSON.getNodeFactory();
    Object value = literal.getValue();
    return switch (type.kind()) {
      case BYTE, SHORT, INTEGER, LONG ->
          Optional.of(nodes.numberNode(((Number) value).longValue()));
      case FLOAT ->
          Optional.of((Float) value)
              .filter(number -> Float.isFinite(number))
              .map(nodes::numberNode);
      case DOUBLE ->
          Optional.of((Double) value)
              .filter(number -> Double.isFinite(number))
              .map(nodes::numberNode);
      case DECIMAL -> Optional.of(nodes.numberNode((BigDecimal) value));
      case DATE ->
          Optional.of(LocalDate.ofEpochDay((Integer) value))
              .filter(day -> day.getYear() <= LAST_YEAR)
              .map(day -> nodes.textNode(day.toString()));
      case TIMESTAMP -> millis((Long) value, upper).map(text -> nodes.textNode(text + "Z"));
      case TIMESTAMP_NTZ -> millis((Long) value, upper).map(nodes::textNode);
      case STRING -> text((String) value, upper).map(nodes::textNode);
      // Of what has two values Delta keeps how many are null.
      case BOOLEAN, BINARY, STRUCT, ARRAY, MAP -> Optional.empty();
    };
  }

  private static Optional<String> millis(long micros, boolean upper) {
    long millis = upper ? -Math.floorDiv(-micros, 1000L) : Math.floorDiv(micros, 1000L);
    return millis > LAST_MILLI
        ? Optional.empty()
        : Optional.of(MILLIS.format(Instant.ofEpochMilli(millis)));
  }

  private static Optional<String> text(String text, boolean upper) {
    if (text.codePointCount(0, text.length()) <= PREFIX) {
      return Optional.of(text);
    }
    int end = text.offsetByCodePoints(0, PREFIX);
    if (!upper) {
      return Optional.of(text.substring(0, end));
    }
    return text.codePointAt(end) == Character.MAX_CODE_POINT
        ? Optional.empty()
        : Optional.of(text.substring(0, end) + GREATEST);
  }
}
