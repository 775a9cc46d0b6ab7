/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.streaming;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.error.StreamErrors;
import io.github.deltasharing.protocol.codec.UntrustedJson;

/**
 * The JSON of offsets. Ours is that of upstream's source for the parquet dialect, and fields that
 * it does not know: at a version's start it can take over again. In the midst of a version that is
 * counted otherwise, the {@code sourceVersion} makes it refuse. Stateless.
 */
final class OffsetJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Counted as upstream's source for the parquet dialect counts. */
  private static final int UPSTREAM = 1;

  /** Says itself how files are counted. */
  private static final int OWN = 2;

  /** What upstream's source for the delta dialect writes where only the schema changed. */
  private static final int UPSTREAM_SCHEMA = 3;

  private OffsetJson() {}

  static String write(
      String tableId, StreamPosition position, FileOrder order, StreamPosition origin) {
    ObjectNode json = JSON.createObjectNode();
    boolean own = order != null && order != FileOrder.PARQUET_IDS;
    json.put("sourceVersion", own ? OWN : UPSTREAM);
    json.put("tableId", tableId);
    put(json, position);
    if (own) {
      json.put("order", order.text());
    }
    if (origin != null) {
      put(json.putObject("origin"), origin);
    }
    return json.toString();
  }

  private static void put(ObjectNode json, StreamPosition position) {
    json.put("tableVersion", position.version());
    json.put("index", position.index());
    json.put("isStartingVersion", position.snapshot());
  }

  static SharingOffset read(String table, String text) {
    JsonNode json;
    try {
      json = UntrustedJson.MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw StreamErrors.badOffset(
          table,
          text,
          "it is "
              + (e instanceof StreamConstraintsException ? UntrustedJson.problem(e) : "no JSON"));
    }
    if (json.has("reservoirId")) {
      return ofDeltaSource(table, text, json);
    }
    long sourceVersion = number(table, text, json, "sourceVersion");
    if (sourceVersion != UPSTREAM && sourceVersion != OWN) {
      throw StreamErrors.badOffset(table, text, "its 'sourceVersion' is not 1 or 2");
    }
    StreamPosition position = position(table, text, json, "tableVersion");
    FileOrder order = sourceVersion == UPSTREAM ? FileOrder.PARQUET_IDS : order(table, text, json);
    StreamPosition origin =
        json.has("origin") ? position(table, text, json.get("origin"), "tableVersion") : null;
    String id = tableId(table, text, json, "tableId");
    return new SharingOffset(id, position, position.isStart() ? null : order, origin, text);
  }

  /** What upstream's source for the delta dialect wrote: Delta Lake's own offset. */
  private static SharingOffset ofDeltaSource(String table, String text, JsonNode json) {
    long sourceVersion = number(table, text, json, "sourceVersion");
    if (sourceVersion != UPSTREAM && sourceVersion != UPSTREAM_SCHEMA) {
      throw StreamErrors.badOffset(table, text, "its 'sourceVersion' is not 1 or 3");
    }
    // Below 0 are what comes before the first file: the start, and changes of the schema.
    StreamPosition position = position(table, text, json, "reservoirVersion");
    FileOrder order =
        position.isStart()
            ? null
            : position.snapshot() ? FileOrder.DELTA_TIMES : FileOrder.DELTA_IDS;
    return new SharingOffset(
        tableId(table, text, json, "reservoirId"), position, order, null, text);
  }

  private static StreamPosition position(String table, String text, JsonNode json, String version) {
    long number = number(table, text, json, version);
    JsonNode snapshot = json.path("isStartingVersion");
    if (number < 0 || !snapshot.isBoolean()) {
      throw StreamErrors.badOffset(
          table, text, "its '" + version + "' is negative or its 'isStartingVersion' no boolean");
    }
    long index = number(table, text, json, "index");
    return new StreamPosition(
        number, Math.max(index, StreamPosition.START), snapshot.booleanValue());
  }

  private static FileOrder order(String table, String text, JsonNode json) {
    String order = json.path("order").asText();
    for (FileOrder known : FileOrder.values()) {
      if (known.text().equals(order)) {
        return known;
      }
    }
    throw StreamErrors.badOffset(table, text, "its 'order' is none that this version knows");
  }

  private static String tableId(String table, String text, JsonNode json, String field) {
    String id = json.path(field).asText("");
    if (id.isEmpty()) {
      throw StreamErrors.badOffset(table, text, "it has no '" + field + "'");
    }
    return id;
  }

  private static long number(String table, String text, JsonNode json, String field) {
    JsonNode number = json.path(field);
    if (!number.isIntegralNumber() || !number.canConvertToLong()) {
      throw StreamErrors.badOffset(table, text, "its '" + field + "' is no whole number");
    }
    return number.longValue();
  }
}
