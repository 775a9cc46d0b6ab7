/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.store.AuditEvent;
import io.github.deltasharing.server.store.Usage;
import io.github.deltasharing.server.store.UsageStore.Group;
import java.time.LocalDate;
import java.util.Set;

/** The audit's objects of the admin API, as JSON. What does not apply is left out. Stateless. */
final class AuditJson {
  private AuditJson() {}

  static ObjectNode event(AuditEvent event) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("id", event.id()).put("time", event.time().toString());
    json.put("operation", event.operation()).put("action", event.action().name());
    ObjectNode actor = json.putObject("actor").put("type", event.actor().type().name());
    put(actor, "name", event.actor().name());
    put(actor, "id", event.actor().id());
    for (String level : new String[] {"share", "schema", "table"}) {
      event.resource(level).ifPresent(name -> json.put(level, name));
    }
    ArrayNode resources = json.putArray("resources");
    event
        .resources()
        .forEach(
            resource ->
                put(
                    resources
                        .addObject()
                        .put("type", resource.type().toUpperCase(java.util.Locale.ROOT))
                        .put("name", resource.name()),
                    "change",
                    resource.change()));
    put(json, "change", event.change());
    put(json, "version", event.tableVersion());
    put(json, "files", event.files());
    put(json, "bytes", event.bytes());
    put(json, "status", event.status() > 0 ? event.status() : -1);
    put(json, "error_code", event.errorCode());
    json.put("duration_ms", event.durationMillis());
    put(json, "method", event.method());
    put(json, "address", event.address());
    put(json, "request_id", event.requestId());
    event.more().forEach(json::put);
    return json;
  }

  private static void put(ObjectNode json, String name, String value) {
    if (!value.isEmpty()) {
      json.put(name, value);
    }
  }

  private static void put(ObjectNode json, String name, long value) {
    if (value >= 0) {
      json.put(name, value);
    }
  }

  static ObjectNode usage(Usage usage, Set<Group> groups) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    if (groups.contains(Group.DAY)) {
      json.put("day", LocalDate.ofEpochDay(usage.day()).toString());
    }
    if (groups.contains(Group.RECIPIENT)) {
      put(json, "recipient", usage.recipient());
    }
    if (groups.contains(Group.TABLE)) {
      json.put("share", usage.share()).put("schema", usage.schema()).put("table", usage.table());
    }
    json.put("requests", usage.requests()).put("errors", usage.errors());
    json.put("files", usage.files()).put("bytes", usage.bytes());
    return json.put("last_used_at", usage.lastUsedAt().toString());
  }
}
