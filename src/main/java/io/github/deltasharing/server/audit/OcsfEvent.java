/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.audit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.store.AuditEvent;
import io.github.deltasharing.server.store.AuditEvent.Action;
import io.github.deltasharing.server.store.AuditEvent.ActorType;
import java.util.Locale;

/**
 * Events in the Open Cybersecurity Schema Framework: its class API Activity (6003). Stateless.
 *
 * @see <a href="https://schema.ocsf.io/1.6.0/classes/api_activity">API Activity</a>
 */
final class OcsfEvent {
  private static final String SCHEMA = "1.6.0";
  private static final int CATEGORY = 6;
  private static final int CLASS = 6003;
  private static final int OTHER = 99;

  private OcsfEvent() {}

  /** The event as one line of JSON, without the line's end. */
  static String line(AuditEvent event) {
    return json(event).toString();
  }

  private static ObjectNode json(AuditEvent event) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    int activity = activity(event.action());
    json.put("class_uid", CLASS).put("class_name", "API Activity");
    json.put("category_uid", CATEGORY).put("category_name", "Application Activity");
    json.put("activity_id", activity).put("activity_name", words(event.action().name()));
    json.put("type_uid", CLASS * 100L + activity);
    json.put("time", event.time().toEpochMilli());
    severity(json, event);
    json.put("status_id", event.succeeded() ? 1 : 2);
    json.put("status", event.succeeded() ? "Success" : "Failure");
    if (event.status() > 0) {
      json.put("status_code", Integer.toString(event.status()));
    }
    put(json, "status_detail", event.errorCode());
    if (event.actor().type() == ActorType.SERVER) {
      json.put("message", event.change());
    }
    metadata(json.putObject("metadata"), event);
    actor(json.putObject("actor").putObject("user"), event.actor());
    ObjectNode api = json.putObject("api").put("operation", event.operation());
    if (!event.requestId().isEmpty()) {
      api.putObject("request").put("uid", event.requestId());
    }
    if (event.status() > 0) {
      ObjectNode response = api.putObject("response").put("code", event.status());
      put(response, "error", event.errorCode());
    }
    ObjectNode source = json.putObject("src_endpoint");
    source.put(
        event.address().isEmpty() ? "name" : "ip",
        event.address().isEmpty() ? event.actor().name() : event.address());
    if (!event.method().isEmpty()) {
      ObjectNode request = json.putObject("http_request").put("http_method", event.method());
      put(request, "user_agent", event.more().getOrDefault("user_agent", ""));
      json.putObject("http_response")
          .put("code", event.status())
          .put("latency", event.durationMillis());
    }
    resources(json, event);
    unmapped(json, event);
    return json;
  }

  private static int activity(Action action) {
    return switch (action) {
      case CREATE -> 1;
      case READ -> 2;
      case UPDATE -> 3;
      case DELETE -> 4;
      case OTHER -> OTHER;
    };
  }

  private static String words(String name) {
    return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
  }

  private static void severity(ObjectNode json, AuditEvent event) {
    boolean serious = event.status() >= 500 || event.actor().type() == ActorType.SERVER;
    boolean refused = event.status() == 401 || event.status() == 403;
    json.put("severity_id", serious ? 3 : refused ? 2 : 1);
    json.put("severity", serious ? "Medium" : refused ? "Low" : "Informational");
  }

  private static void metadata(ObjectNode metadata, AuditEvent event) {
    metadata.put("version", SCHEMA).put("uid", event.id()).put("log_name", "audit");
    String version = OcsfEvent.class.getPackage().getImplementationVersion();
    metadata
        .putObject("product")
        .put("name", "delta-sharing-server")
        .put("vendor_name", "Delta Sharing connector authors")
        .put("version", version == null ? "development" : version);
  }

  private static void actor(ObjectNode user, AuditEvent.Actor actor) {
    int type =
        switch (actor.type()) {
          case PRINCIPAL -> 2;
          case SERVER -> 3;
          case TOKEN -> 4;
          case RECIPIENT, ANONYMOUS -> OTHER;
          case UNKNOWN -> 0;
        };
    user.put("type_id", type);
    user.put(
        "type",
        switch (type) {
          case 2 -> "Admin";
          case 3 -> "System";
          case 4 -> "Service";
          default -> words(actor.type().name());
        });
    String name =
        actor.name().isEmpty() && actor.id().isEmpty()
            ? actor.type().name().toLowerCase(Locale.ROOT)
            : actor.name();
    put(user, "name", name);
    put(user, "uid", actor.id());
  }

  private static void resources(ObjectNode json, AuditEvent event) {
    if (event.resources().isEmpty()) {
      return;
    }
    ArrayNode resources = json.putArray("resources");
    for (AuditEvent.Resource resource : event.resources()) {
      ObjectNode one = resources.addObject();
      one.put("type", resource.type()).put("name", resource.name());
      if (!resource.change().isEmpty()) {
        one.putObject("data").put("change", resource.change());
      }
    }
  }

  private static void unmapped(ObjectNode json, AuditEvent event) {
    ObjectNode more = JsonNodeFactory.instance.objectNode();
    put(more, "change", event.change());
    put(more, "table_version", event.tableVersion());
    put(more, "files", event.files());
    put(more, "bytes", event.bytes());
    event
        .more()
        .forEach(
            (name, value) -> {
              if (!name.equals("user_agent")) {
                more.put(name, value);
              }
            });
    if (!more.isEmpty()) {
      json.set("unmapped", more);
    }
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
}
