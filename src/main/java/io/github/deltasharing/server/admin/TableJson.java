/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.admin;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.source.TableFile;
import io.github.deltasharing.source.TableFileIterator;
import io.github.deltasharing.source.TableRows;
import io.github.deltasharing.source.TableSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the admin API says of tables and of what is in them. Stateless. */
final class TableJson {
  /** Files that are counted for the number of rows; of more only their number is said. */
  private static final int MOST_COUNTED = 10_000;

  private static final int LONGEST_TYPE = 2_000;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private TableJson() {}

  static ObjectNode table(SharedTable table) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("share", table.share()).put("schema", table.schema()).put("name", table.name());
    if (!table.id().isEmpty()) {
      json.put("shared_object_id", table.id());
    }
    json.put("storage_location", table.location().toString());
    json.put("history_shared", table.historyShared());
    return json.put("start_version", table.startVersion());
  }

  /** Version, schema and size. */
  static void snapshot(ObjectNode json, TableSnapshot snapshot) {
    Metadata metadata = snapshot.metadata();
    json.put("version", snapshot.version());
    json.put("timestamp", Instant.ofEpochMilli(snapshot.timestamp()).toString());
    Optional.ofNullable(metadata.description()).ifPresent(text -> json.put("comment", text));
    ArrayNode columns = json.putArray("columns");
    columns(metadata).forEach(columns::add);
    metadata.partitionColumns().forEach(json.putArray("partition_columns")::add);
    snapshot.protocol().readerFeatures().stream()
        .sorted()
        .forEach(json.putArray("reader_features")::add);
    size(json, snapshot);
  }

  private static List<ObjectNode> columns(Metadata metadata) {
    List<ObjectNode> columns = new ArrayList<>();
    try {
      for (JsonNode field : MAPPER.readTree(metadata.schemaString()).path("fields")) {
        ObjectNode column = JsonNodeFactory.instance.objectNode();
        String name = field.path("name").asText();
        column.put("name", name).put("type", type(field.path("type")));
        column.put("nullable", field.path("nullable").asBoolean(true));
        column.put("partition", metadata.partitionColumns().contains(name));
        JsonNode comment = field.path("metadata").path("comment");
        if (comment.isTextual()) {
          column.put("comment", comment.textValue());
        }
        columns.add(column);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return columns;
  }

  private static String type(JsonNode type) {
    StringBuilder text = new StringBuilder();
    append(text, type);
    return text.length() <= LONGEST_TYPE ? text.toString() : text.substring(0, LONGEST_TYPE) + "…";
  }

  private static void append(StringBuilder text, JsonNode type) {
    if (text.length() > LONGEST_TYPE) {
      return;
    }
    switch (type.path("type").asText()) {
      case "struct" -> {
        String separator = "struct<";
        for (JsonNode field : type.path("fields")) {
          text.append(separator).append(field.path("name").asText()).append(": ");
          append(text, field.path("type"));
          separator = ", ";
        }
        text.append('>');
      }
      case "array" -> {
        append(text.append("array<"), type.path("elementType"));
        text.append('>');
      }
      case "map" -> {
        append(text.append("map<"), type.path("keyType"));
        append(text.append(", "), type.path("valueType"));
        text.append('>');
      }
      default -> text.append(type.asText());
    }
  }

  /** Of a table with many files what is known without reading them. */
  private static void size(ObjectNode json, TableSnapshot snapshot) {
    Optional<TableSnapshot.TableSize> known = snapshot.size();
    if (known.isPresent()) {
      json.put("files", known.get().files()).put("bytes", known.get().bytes());
      if (known.get().files() > MOST_COUNTED) {
        return;
      }
    }
    long files = 0;
    long bytes = 0;
    long rows = 0;
    boolean counted = true;
    try (TableFileIterator all = snapshot.files()) {
      while (all.hasNext()) {
        TableFile file = all.next();
        if (++files > MOST_COUNTED) {
          return;
        }
        bytes += file.size();
        long records = file.stats().map(TableJson::records).orElse(-1L);
        counted &= records >= 0;
        rows += records - file.deletedRows();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    json.put("files", files).put("bytes", bytes);
    if (counted) {
      json.put("rows", rows);
    }
  }

  /** The number of rows in a file's statistics, or -1; the rest of them is not read. */
  private static long records(String stats) {
    try (JsonParser parser = MAPPER.createParser(stats)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (name.equals("numRecords")) {
          return value == JsonToken.VALUE_NUMBER_INT ? parser.getLongValue() : -1;
        }
        parser.skipChildren();
      }
      return -1;
    } catch (IOException e) {
      return -1;
    }
  }

  /** Rows as lists of values, in the order of columns. */
  static ObjectNode rows(TableSnapshot snapshot, TableRows rows) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("version", snapshot.version());
    List<ObjectNode> all = columns(snapshot.metadata());
    Map<String, ObjectNode> byName = new HashMap<>();
    all.forEach(column -> byName.put(column.path("name").asText(), column));
    ArrayNode columns = json.putArray("columns");
    for (String name : rows.columns()) {
      columns
          .addObject()
          .put("name", name)
          .put("type", byName.containsKey(name) ? byName.get(name).path("type").asText() : "");
    }
    json.put("left_out_columns", all.size() - rows.columns().size());
    json.set("rows", MAPPER.valueToTree(rows.rows()));
    return json.put("more", rows.more()).put("cut", rows.cut());
  }
}
