/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.deltasharing.server.admin.AdminRoute.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The OpenAPI 3.1 document of the admin API and of what the server has beside it: methods, paths
 * and roles of the former are those of {@link AdminRoute}, the rest is in {@code openapi.yaml}.
 * Immutable.
 */
final class ApiDocument {
  private static final String RESOURCE = "openapi.yaml";
  private static final String RESPONSES = "#/components/responses/";
  private static final String HEADERS = "#/components/headers/";
  private static final String JSON = "application/json";
  private static final String FIELD = "schema";
  private static final String TAGS = "^(\\*|\"[^\"]+\"( *, *\"[^\"]+\")*)$";

  /** What any request may get. */
  private static final Set<String> ANY =
      Set.of("400", "401", "403", "414", "429", "431", "500", "503");

  /** What any request with a body may get. */
  private static final Set<String> ANY_WITH_BODY = Set.of("408", "413", "415");

  private final JsonNode source;
  private final ApiSchemas schemas;
  private final ObjectNode document = object();

  private ApiDocument(JsonNode source) {
    this.source = source;
    this.schemas = new ApiSchemas(source.get("schemas"));
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
    document.set("info", source.get("info"));
    document.putArray("servers").addObject().put("url", "/");
    ObjectNode paths = document.putObject("paths");
    for (Endpoint endpoint : Endpoint.values()) {
      String path = path(endpoint);
      ObjectNode item = paths.has(path) ? (ObjectNode) paths.get(path) : paths.putObject(path);
      item.set(endpoint.method().toLowerCase(Locale.ROOT), operation(endpoint));
    }
    paths.setAll((ObjectNode) source.get("paths"));
    ObjectNode components = document.putObject("components");
    components.set("schemas", schemas.json());
    components.set("securitySchemes", source.get("securitySchemes"));
    components.set("headers", source.get("headers"));
    ObjectNode responses = components.putObject("responses");
    source
        .get("errors")
        .fields()
        .forEachRemaining(error -> error(responses, error.getKey(), error.getValue().asText()));
  }

  /** An error, and the same for those that get pages where they accept them. */
  private void error(ObjectNode responses, String status, String description) {
    for (String name : List.of(status, "page" + status)) {
      ObjectNode response = responses.putObject(name).put("description", description);
      header(response, "x-request-id");
      for (JsonNode header : source.at("/errorHeaders/" + status)) {
        header(response, header.asText());
      }
      content(response, "Error");
      if (!name.equals(status)) {
        content(response).putObject("text/html").putObject(FIELD).put("type", "string");
      }
    }
  }

  private static void header(ObjectNode response, String name) {
    response.withObject("/headers").putObject(name).put("$ref", HEADERS + name);
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
    operation.putArray("tags").add(endpoint.path().split("/", 2)[0]);
    operation.put("x-least-role", endpoint.role().name());
    security(endpoint, operation);
    parameters(endpoint, about, operation);
    if (about.has("request")) {
      request(about, operation);
    }
    responses(about, operation.putObject("responses"));
    return operation;
  }

  /** By a token, or by a session; to change something a session needs what only the page knows. */
  private static void security(Endpoint endpoint, ObjectNode operation) {
    ArrayNode security = operation.putArray("security");
    security.addObject().putArray("bearer");
    ObjectNode session = security.addObject();
    session.putArray("session");
    if (!endpoint.method().equals("GET")) {
      session.putArray("csrf");
    }
  }

  private static void responses(JsonNode about, ObjectNode responses) {
    about
        .path("response")
        .fields()
        .forEachRemaining(
            response -> {
              ObjectNode success = responses.putObject(response.getKey());
              success.put("description", response.getKey().equals("204") ? "Done" : "The response");
              header(success, "x-request-id");
              if (about.path("etag").asText().equals(response.getKey())) {
                header(success, "ETag");
              }
              if (!response.getValue().isNull()) {
                content(success, response.getValue().asText());
              }
            });
    Set<String> errors = new TreeSet<>(ANY);
    about.path("errors").forEach(error -> errors.add(error.asText()));
    if (about.path("ifMatch").asBoolean()) {
      errors.add("412");
    }
    if (about.has("request")) {
      errors.addAll(ANY_WITH_BODY);
    }
    errors.forEach(status -> responses.putObject(status).put("$ref", RESPONSES + status));
  }

  private void parameters(Endpoint endpoint, JsonNode about, ObjectNode operation) {
    for (String name : names(endpoint)) {
      parameter(operation, name, "path", object().put("$ref", "#/components/schemas/Name"))
          .put("required", true)
          .set("example", source.at("/names/" + name));
    }
    for (JsonNode name : about.path("query")) {
      ObjectNode parameter =
          operation
              .withArray("parameters")
              .addObject()
              .put("name", name.asText().split("-", 2)[0])
              .put("in", "query");
      parameter.setAll((ObjectNode) source.get("parameters").get(name.asText()));
    }
    if (about.path("ifMatch").asBoolean()) {
      parameter(
              operation, "If-Match", "header", object().put("type", "string").put("pattern", TAGS))
          .put(
              "description",
              "The ETag of what is to be changed, or several with commas between, or *");
    }
    if (about.has("files")) {
      schemas
          .types(about.path("request").asText())
          .fields()
          .forEachRemaining(
              field -> {
                if (!field.getKey().equals("upload_id")) {
                  queryField(operation, field.getKey(), field.getValue(), about);
                }
              });
    }
  }

  /** Objects and lists of them are JSON in a query. */
  private void queryField(ObjectNode operation, String name, JsonNode schema, JsonNode about) {
    ObjectNode described;
    if (schemas.isOfObjects(schema)) {
      described =
          operation
              .withArray("parameters")
              .addObject()
              .put("name", name)
              .put("in", "query")
              .putObject("content")
              .putObject(JSON);
      described.set(FIELD, schema);
    } else {
      described = parameter(operation, name, "query", schema);
    }
    JsonNode example = about.path("fileExample").path(name);
    if (!example.isMissingNode()) {
      described.set("example", example);
    }
  }

  private static ObjectNode parameter(
      ObjectNode operation, String name, String in, JsonNode schema) {
    ObjectNode parameter =
        operation.withArray("parameters").addObject().put("name", name).put("in", in);
    parameter.set(FIELD, schema);
    return parameter;
  }

  private void request(JsonNode about, ObjectNode operation) {
    String schema = about.get("request").asText();
    ObjectNode body = operation.putObject("requestBody");
    if (schemas.isRequired(schema)) {
      body.put("required", true);
    }
    ObjectNode json = content(body, schema);
    if (about.has("example")) {
      json.set("example", about.get("example"));
    }
    about
        .path("files")
        .fields()
        .forEachRemaining(
            type -> {
              ObjectNode file = content(body).putObject(type.getKey());
              file.putObject(FIELD);
              if (!type.getValue().isNull()) {
                file.set("example", type.getValue());
              }
            });
  }

  private static ObjectNode content(ObjectNode place) {
    return place.withObject("/content");
  }

  /** JSON of a schema. */
  private static ObjectNode content(ObjectNode place, String schema) {
    ObjectNode json = content(place).putObject(JSON);
    json.putObject(FIELD).put("$ref", "#/components/schemas/" + schema);
    return json;
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
