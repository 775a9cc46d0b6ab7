/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.deltasharing.server.admin.AdminRoute.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The OpenAPI 3.1 document of the admin API: methods, paths and roles are those of {@link
 * AdminRoute}, the rest is in {@code openapi.yaml}. Immutable.
 */
final class ApiDocument {
  private static final String RESOURCE = "openapi.yaml";
  private static final String RESPONSES = "#/components/responses/";

  /** Names in a path behind that of a share. */

  /** What any request may get. */
  private static final Set<String> ANY = Set.of("400", "401", "403", "429", "503");

  private final JsonNode source;
  private final ObjectNode document = object();

  private ApiDocument(JsonNode source) {
    this.source = source;
  }

  /** The document. */
  static ObjectNode read() {
    try (InputStream in = ApiDocument.class.getResourceAsStream(RESOURCE)) {
      ApiDocument document = new ApiDocument(new YAMLMapper().readTree(in));
      document.write();
      return document.document;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write() {
    document.put("openapi", "3.1.0");
    document
        .putObject("info")
        .put("title", "The provider's API of the Delta Sharing server")
        .put("version", "2.1")
        .put("description", "Shares, recipients, grants, publications and principals.");
    document.putArray("servers").addObject().put("url", "/");
    document.putArray("security").addObject().putArray("bearer");
    ObjectNode paths = document.putObject("paths");
    for (Endpoint endpoint : Endpoint.values()) {
      String path = path(endpoint);
      ObjectNode item = paths.has(path) ? (ObjectNode) paths.get(path) : paths.putObject(path);
      item.set(endpoint.method().toLowerCase(Locale.ROOT), operation(endpoint));
    }
    paths.setAll((ObjectNode) source.get("paths"));
    ObjectNode components = document.putObject("components");
    components.set("schemas", ApiSchemas.of(source.get("schemas")));
    components
        .putObject("securitySchemes")
        .putObject("bearer")
        .put("type", "http")
        .put("scheme", "bearer");
    ObjectNode responses = components.putObject("responses");
    source
        .get("errors")
        .fields()
        .forEachRemaining(
            error -> {
              ObjectNode response = responses.putObject(error.getKey());
              response.put("description", error.getValue().asText());
              content(response, "Error");
            });
  }

  private static String path(Endpoint endpoint) {
    String path = AdminHandler.PATH + "/" + endpoint.path();
    for (String name : names(endpoint)) {
      path = path.replaceFirst("\\{}", "{" + name + "}");
    }
    return path;
  }

  /** What the names in an endpoint's path are the names of. */
  private static List<String> names(Endpoint endpoint) {
    String first = endpoint.path().split("/", 2)[0].replaceFirst("s$", "");
    int names = endpoint.path().split("\\{}", -1).length - 1;
    return List.of(first, "schema", "table").subList(0, names);
  }

  private ObjectNode operation(Endpoint endpoint) {
    JsonNode about = source.get("endpoints").path(endpoint.name());
    ObjectNode operation = object();
    operation.put("operationId", endpoint.logName()).put("summary", about.path("summary").asText());
    operation.put(
        "description",
        (about.path("description").asText() + " Least role: " + endpoint.role()).strip());
    operation.put("x-least-role", endpoint.role().name());
    parameters(endpoint, about, operation);
    request(about, operation);
    ObjectNode responses = operation.putObject("responses");
    about
        .path("response")
        .fields()
        .forEachRemaining(
            response -> {
              ObjectNode success = responses.putObject(response.getKey());
              success.put("description", response.getKey().equals("204") ? "Done" : "The response");
              if (!response.getValue().isNull()) {
                content(success, response.getValue().asText());
              }
            });
    Set<String> errors = new LinkedHashSet<>();
    about.path("errors").forEach(error -> errors.add(error.asText()));
    errors.addAll(new TreeSet<>(ANY));
    if (about.has("request")) {
      errors.add("413");
    }
    errors.forEach(status -> responses.putObject(status).put("$ref", RESPONSES + status));
    return operation;
  }

  private void parameters(Endpoint endpoint, JsonNode about, ObjectNode operation) {
    for (String name : names(endpoint)) {
      parameter(operation, name, "path", object().put("type", "string")).put("required", true);
    }
    about
        .path("query")
        .forEach(
            name ->
                parameter(
                    operation,
                    name.asText().split("-", 2)[0],
                    "query",
                    source.get("parameters").get(name.asText()).deepCopy()));
    if (about.path("ifMatch").asBoolean()) {
      parameter(operation, "If-Match", "header", object().put("type", "string"));
    }
    if (about.path("file").asBoolean()) {
      ApiSchemas.of(source.get("schemas"))
          .path(about.path("request").asText())
          .path("properties")
          .fields()
          .forEachRemaining(
              field -> {
                if (!field.getKey().equals("upload_id")) {
                  queryField(operation, field.getKey(), field.getValue());
                }
              });
    }
  }

  /** Objects and lists of them are JSON in a query. */
  private static void queryField(ObjectNode operation, String name, JsonNode schema) {
    boolean json = schema.has("$ref") || schema.path("items").has("$ref");
    if (json) {
      ObjectNode parameter =
          operation.withArray("parameters").addObject().put("name", name).put("in", "query");
      parameter.putObject("content").putObject("application/json").set("schema", schema);
    } else {
      parameter(operation, name, "query", schema);
    }
  }

  private static ObjectNode parameter(
      ObjectNode operation, String name, String in, JsonNode schema) {
    ObjectNode parameter =
        operation.withArray("parameters").addObject().put("name", name).put("in", in);
    parameter.set("schema", schema);
    return parameter;
  }

  private static void request(JsonNode about, ObjectNode operation) {
    if (about.has("request")) {
      ObjectNode body = operation.putObject("requestBody");
      content(body, about.get("request").asText());
      if (about.path("file").asBoolean()) {
        for (String type : new String[] {"text/csv", "application/octet-stream"}) {
          ((ObjectNode) body.get("content")).putObject(type);
        }
      }
    }
  }

  private static void content(ObjectNode place, String schema) {
    place
        .putObject("content")
        .putObject("application/json")
        .putObject("schema")
        .put("$ref", "#/components/schemas/" + schema);
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
