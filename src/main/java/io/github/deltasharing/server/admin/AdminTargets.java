/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.admin.AdminRoute.Endpoint;
import io.github.deltasharing.server.http.AccessRecord.Target;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a request to the admin API is about, for the audit: names of what it reads or changes, and
 * of the fields that it changes, as the request has them, whether it is refused or not. Values are
 * names, roles and times only. Stateless.
 */
final class AdminTargets {
  private static final String SHARE = "share";
  private static final String SCHEMA = "schema";
  private static final String TABLE = "table";
  private static final String RECIPIENT = "recipient";
  private static final String PRINCIPAL = "principal";
  private static final String PUBLICATION = "publication";
  private static final int MOST = 1_000;
  private static final int LONGEST = 255;

  /**
   * Fields by which things are changed. Of any other not even the name is told: it may be a slip.
   */
  private static final Set<String> FIELDS =
      Set.of(
          "auth_type",
          "authentication_type",
          "columns",
          "comment",
          "delimiter",
          "display_name",
          "encoding",
          "existing_token_expire_in_seconds",
          "header",
          "ip_access_list",
          "mode",
          "null_texts",
          "oidc_policy",
          "on_error",
          "owner",
          "properties",
          "quote",
          "role",
          "token_expiration_seconds",
          "types",
          "validate_only");

  /** Fields that are told by other words. */
  private static final Set<String> TARGETS =
      Set.of(
          "name",
          "updates",
          "changes",
          "upload_id",
          "recipients",
          "file_name",
          SHARE,
          SCHEMA,
          TABLE);

  /** Fields whose values are told, if they look as they should. */
  private static final Set<String> TOLD =
      Set.of(
          "role",
          "existing_token_expire_in_seconds",
          "token_expiration_seconds",
          "mode",
          "validate_only");

  private static final Pattern WORD = Pattern.compile("[A-Za-z_]{1,16}|\\d{1,12}");
  private static final String UNKNOWN = "unknown field";

  private AdminTargets() {}

  /** What the path names. */
  static List<Target> ofPath(AdminRoute route) {
    List<Target> targets = new ArrayList<>();
    List<String> types = type(route.endpoint()).stream().collect(Collectors.toList());
    types.addAll(List.of(SCHEMA, TABLE));
    for (String name : route.names()) {
      targets.add(new Target(types.get(targets.size()), name));
    }
    return targets;
  }

  /** What the endpoint is about; empty for lists, and for the whole server. */
  static Optional<String> type(Endpoint endpoint) {
    return switch (endpoint) {
      case CREATE_SHARE,
          GET_SHARE,
          UPDATE_SHARE,
          DELETE_SHARE,
          LIST_TABLES,
          GET_TABLE,
          PREVIEW_TABLE,
          GET_PERMISSIONS,
          UPDATE_PERMISSIONS ->
          Optional.of(SHARE);
      case CREATE_RECIPIENT,
          GET_RECIPIENT,
          UPDATE_RECIPIENT,
          DELETE_RECIPIENT,
          ROTATE_RECIPIENT_TOKEN,
          GET_SHARE_PERMISSIONS ->
          Optional.of(RECIPIENT);
      case CREATE_PUBLICATION, GET_PUBLICATION, DELETE_PUBLICATION, GET_SNIPPETS, GET_SET_ASIDE ->
          Optional.of(PUBLICATION);
      case CREATE_PRINCIPAL,
          GET_PRINCIPAL,
          UPDATE_PRINCIPAL,
          DELETE_PRINCIPAL,
          ROTATE_PRINCIPAL_TOKEN ->
          Optional.of(PRINCIPAL);
      case LIST_SHARES,
          LIST_RECIPIENTS,
          LIST_PUBLICATIONS,
          LIST_PRINCIPALS,
          LIST_AUDIT_EVENTS,
          GET_USAGE,
          RELOAD ->
          Optional.empty();
    };
  }

  /** What the path and the body name. */
  static List<Target> of(AdminRoute route, AdminBody body) {
    List<Target> targets = new ArrayList<>(ofPath(route));
    ObjectNode json = body.json();
    switch (route.endpoint()) {
      case CREATE_SHARE, CREATE_RECIPIENT, CREATE_PRINCIPAL ->
          add(targets, type(route.endpoint()).orElseThrow(), json.path("name"), "");
      case CREATE_PUBLICATION -> {
        add(targets, PUBLICATION, json.path(json.has("name") ? "name" : "file_name"), "");
        add(targets, SHARE, json.path("share"), "");
        add(targets, SCHEMA, json.path("schema"), "");
        add(targets, TABLE, json.path("table"), "");
        json.path("recipients").forEach(name -> add(targets, RECIPIENT, name, "add SELECT"));
      }
      case UPDATE_SHARE -> objects(targets, json);
      case UPDATE_PERMISSIONS -> permissions(targets, json);
      default -> {}
    }
    return targets;
  }

  /** A publication as it is, once it is made. */
  static List<Target> ofPublication(List<Target> before, JsonNode made) {
    List<Target> targets = new ArrayList<>();
    add(targets, PUBLICATION, made.path("name"), "");
    for (String level : List.of(SHARE, SCHEMA, TABLE)) {
      add(targets, level, made.path(level), "");
    }
    before.stream().filter(target -> target.type().equals(RECIPIENT)).forEach(targets::add);
    return targets;
  }

  private static void objects(List<Target> targets, ObjectNode json) {
    for (JsonNode update : json.path("updates")) {
      JsonNode object = update.path("data_object");
      String type = object.path("type").asText("TABLE").equals("SCHEMA") ? SCHEMA : TABLE;
      add(
          targets,
          type,
          object.path(object.hasNonNull("shared_as") ? "shared_as" : "name"),
          word(update.path("action").asText("")));
    }
  }

  private static void permissions(List<Target> targets, ObjectNode json) {
    for (JsonNode change : json.path("changes")) {
      StringJoiner what = new StringJoiner(", ");
      for (String verb : List.of("remove", "add")) {
        change.path(verb).forEach(privilege -> what.add(verb + " " + word(privilege.asText(""))));
      }
      add(
          targets,
          RECIPIENT,
          change.path(change.hasNonNull("recipient_name") ? "recipient_name" : "principal"),
          what.toString());
    }
  }

  private static void add(List<Target> targets, String type, JsonNode name, String change) {
    if (name.isTextual() && !name.textValue().isEmpty() && targets.size() <= MOST) {
      targets.add(new Target(type, cut(name.textValue()), cut(change)));
    }
  }

  /** The fields that a change has, and values that are roles, times and the like. */
  static String change(AdminRoute route, AdminBody body, Map<String, String> parameters) {
    Set<String> fields = new LinkedHashSet<>();
    if (!route.endpoint().method().equals("GET")) {
      body.json()
          .fields()
          .forEachRemaining(field -> fields.add(field(field.getKey(), field.getValue())));
      fields.remove("");
    }
    if (parameters.containsKey("purge")) {
      fields.add("purge=" + word(parameters.get("purge")));
    }
    return String.join(", ", fields);
  }

  private static String field(String name, JsonNode value) {
    if (TARGETS.contains(name)) {
      return "";
    }
    if (!FIELDS.contains(name)) {
      return UNKNOWN;
    }
    return TOLD.contains(name) && value.isValueNode() ? name + "=" + word(value.asText()) : name;
  }

  /** A text that is a word of this API, or at least as short as those are. */
  private static String word(String text) {
    return WORD.matcher(text).matches() ? text : "?";
  }

  private static String cut(String text) {
    return text.substring(0, Math.min(text.length(), LONGEST));
  }
}
