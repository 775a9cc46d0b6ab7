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
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.iceberg.Snapshot;

/**
 * Makes of a table's metadata what recipients get. Whatever it has of a later version of the format
 * stays. Used once, by one thread.
 */
final class ServedMetadata {
  private static final String SNAPSHOT_ID = "snapshot-id";
  private static final String SCHEMA_ID = "schema-id";
  private static final String CURRENT_SCHEMA = "current-schema-id";
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
          "hf.",
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
  private final SharedSnapshots shared;

  ServedMetadata(ObjectNode json, SharedSnapshots shared) {
    // What is changed is replaced: the rest, which may be long, is the file's own.
    this.json = json.objectNode();
    this.json.setAll(json);
    this.shared = shared;
  }

  ObjectNode json(boolean refsOnly) {
    if (json.has("properties")) {
      copy("properties").remove(names("properties", ServedMetadata::isClientSetting));
    }
    if (!shared.whole()) {
      removeOthers(shared.ids());
    }
    if (refsOnly) {
      Set<Long> referenced = new HashSet<>();
      shared.head().ifPresent(head -> referenced.add(head.snapshotId()));
      json.path("refs").forEach(ref -> referenced.add(id(ref)));
      keep("snapshots", snapshot -> referenced.contains(id(snapshot)));
    }
    return json;
  }

  private static boolean isClientSetting(String property) {
    return CLIENT_SETTINGS.stream().anyMatch(property::startsWith);
  }

  private static long id(JsonNode entry) {
    return entry.path(SNAPSHOT_ID).asLong();
  }

  private void removeOthers(Set<Long> ids) {
    for (String list : List.of("snapshots", "statistics", "partition-statistics")) {
      keep(list, entry -> ids.contains(id(entry)));
    }
    keep("metadata-log", entry -> false);
    ObjectNode refs = copy("refs");
    refs.remove(names("refs", name -> name.equals(MAIN) || !ids.contains(id(refs.get(name)))));
    shared.head().ifPresentOrElse(this::makeCurrent, () -> keep("snapshot-log", entry -> false));
    Set<Integer> schemas = new HashSet<>(Set.of(json.path(CURRENT_SCHEMA).asInt()));
    json.path("snapshots").forEach(snapshot -> schemas.add(snapshot.path(SCHEMA_ID).asInt(-1)));
    keep("schemas", schema -> schemas.contains(schema.path(SCHEMA_ID).asInt()));
  }

  /** What is shared may be another branch than the main one, or a tag: it is that to recipients. */
  private void makeCurrent(Snapshot head) {
    json.put("current-snapshot-id", head.snapshotId());
    ((ObjectNode) json.get("refs"))
        .putObject(MAIN)
        .put(SNAPSHOT_ID, head.snapshotId())
        .put("type", "branch");
    // When which of them was the current one: what is read as of a time goes by it.
    ArrayNode log = json.putArray("snapshot-log");
    List<Snapshot> oldestFirst = new ArrayList<>(shared.all());
    Collections.reverse(oldestFirst);
    for (Snapshot snapshot : oldestFirst) {
      log.addObject()
          .put(SNAPSHOT_ID, snapshot.snapshotId())
          .put("timestamp-ms", snapshot.timestampMillis());
    }
    shared.schemaId().ifPresent(schema -> json.put(CURRENT_SCHEMA, schema));
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

  private ObjectNode copy(String object) {
    ObjectNode copy = json.objectNode();
    if (json.get(object) instanceof ObjectNode known) {
      copy.setAll(known);
    }
    json.set(object, copy);
    return copy;
  }

  private List<String> names(String object, Predicate<String> wanted) {
    List<String> names = new ArrayList<>();
    json.path(object)
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
