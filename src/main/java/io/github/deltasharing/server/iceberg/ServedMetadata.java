/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Makes of a table's metadata what recipients get. Whatever it has of a later version of the format
 * stays. Used once, by one thread.
 */
final class ServedMetadata {
  private static final String SNAPSHOT_ID = "snapshot-id";
  private static final String SCHEMA_ID = "schema-id";
  private static final String MAIN = "main";

  /**
   * Clients take properties of tables for settings of their own: whoever writes the table would say
   * where they send their credentials.
   */
  private static final List<String> CLIENT_SETTINGS =
      List.of(
          "adls.",
          "auth",
          "aws",
          "azure.",
          "client.",
          "credential",
          "gcs.",
          "hdfs.",
          "header.",
          "http.",
          "io-impl",
          "io.",
          "oauth2",
          "oss.",
          "py-",
          "rest",
          "s3.",
          "signer.",
          "ssl",
          "token",
          "uri",
          "warehouse");

  private final ObjectNode json;
  private final boolean historyShared;

  ServedMetadata(ObjectNode json, boolean historyShared) {
    this.json = json.deepCopy();
    this.historyShared = historyShared;
  }

  ObjectNode json(boolean refsOnly) {
    if (json.get("properties") instanceof ObjectNode properties) {
      properties.remove(names(properties, ServedMetadata::isClientSetting));
    }
    if (!historyShared) {
      removeHistory();
    }
    if (refsOnly) {
      keepSnapshots(referenced());
    }
    return json;
  }

  private static boolean isClientSetting(String property) {
    return CLIENT_SETTINGS.stream().anyMatch(property::startsWith);
  }

  private long current() {
    return json.path("current-snapshot-id").asLong(-1);
  }

  private Set<Long> referenced() {
    Set<Long> ids = new HashSet<>(Set.of(current()));
    json.path("refs").forEach(ref -> ids.add(ref.path(SNAPSHOT_ID).asLong()));
    return ids;
  }

  private void keepSnapshots(Set<Long> ids) {
    keep("snapshots", snapshot -> ids.contains(snapshot.path(SNAPSHOT_ID).asLong()));
  }

  private void removeHistory() {
    Set<Long> current = Set.of(current());
    keepSnapshots(current);
    for (String list : List.of("snapshot-log", "statistics", "partition-statistics")) {
      keep(list, entry -> current.contains(entry.path(SNAPSHOT_ID).asLong()));
    }
    keep("metadata-log", entry -> false);
    if (json.get("refs") instanceof ObjectNode refs) {
      refs.remove(names(refs, name -> !name.equals(MAIN)));
    }
    Set<Integer> schemas = new HashSet<>(Set.of(json.path("current-schema-id").asInt()));
    json.path("snapshots").forEach(snapshot -> schemas.add(snapshot.path(SCHEMA_ID).asInt(-1)));
    keep("schemas", schema -> schemas.contains(schema.path(SCHEMA_ID).asInt()));
  }

  private void keep(String list, Predicate<JsonNode> wanted) {
    if (json.get(list) instanceof ArrayNode entries) {
      List<JsonNode> kept = new ArrayList<>();
      entries.forEach(
          entry -> {
            if (wanted.test(entry)) {
              kept.add(entry);
            }
          });
      json.putArray(list).addAll(kept);
    }
  }

  private static List<String> names(ObjectNode object, Predicate<String> wanted) {
    List<String> names = new ArrayList<>();
    object
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (wanted.test(name)) {
                names.add(name);
              }
            });
    return names;
  }
}
