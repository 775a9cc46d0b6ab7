/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.ProviderServer;
import io.github.deltasharing.server.admin.AdminRoute.Endpoint;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The API's document says what the API does: its endpoints, what they take, what they send. */
class ApiDocumentTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern KNOWN = Pattern.compile("These are known: ([^\"]*)");
  private static final Set<String> METHODS = Set.of("get", "head", "post", "patch", "delete");

  @TempDir static Path directory;
  private static ProviderServer server;
  private static JsonNode document;

  @BeforeAll
  static void start() throws IOException {
    Files.createDirectories(directory.resolve("tables"));
    server = ProviderServer.start(directory);
    HttpResponse<String> response = ProviderServer.open(server.origin() + "/api-docs");
    assertThat(response.statusCode()).isEqualTo(200);
    document = JSON.readTree(response.body());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void eachEndpointIsInItAndNothingElse() {
    List<String> documented = new ArrayList<>();
    document
        .get("paths")
        .fields()
        .forEachRemaining(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method -> {
                          if (method.equals("parameters")) {
                            return;
                          }
                          assertThat(METHODS).contains(method);
                          if (path.getKey().startsWith(AdminHandler.PATH)) {
                            documented.add(
                                method.toUpperCase(Locale.ROOT)
                                    + path.getKey()
                                        .substring(AdminHandler.PATH.length())
                                        .replaceAll("\\{[^}]*}", "{}"));
                          }
                        }));
    assertThat(documented)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Endpoint.values()).map(e -> e.method() + "/" + e.path()).toList());
    for (Endpoint endpoint : Endpoint.values()) {
      JsonNode operation = operation(endpoint.method(), "/" + endpoint.path());
      assertThat(operation.get("summary").asText()).as(endpoint.name()).isNotEmpty();
      assertThat(operation.get("x-least-role").asText()).isEqualTo(endpoint.role().name());
    }
  }

  private static JsonNode operation(String method, String path) {
    var paths = document.get("paths").fields();
    while (paths.hasNext()) {
      var entry = paths.next();
      String template =
          entry
              .getKey()
              .substring(0, Math.min(entry.getKey().length(), AdminHandler.PATH.length()));
      if (template.equals(AdminHandler.PATH)
          && entry
              .getKey()
              .substring(AdminHandler.PATH.length())
              .replaceAll("\\{[^}]*}", "{}")
              .equals(path)) {
        return entry.getValue().path(method.toLowerCase(Locale.ROOT));
      }
    }
    return document.path("none");
  }

  @Test
  void referencesLeadSomewhere() {
    List<String> broken = new ArrayList<>();
    document
        .findValuesAsText("$ref")
        .forEach(
            ref -> {
              if (document.at(ref.substring(1)).isMissingNode()) {
                broken.add(ref);
              }
            });
    assertThat(broken).isEmpty();
  }

  @Test
  void whatABodyMayHaveIsWhatTheServerTakes() {
    server.done("POST", "/shares", "{\"name\":\"bodies\"}");
    server.done("POST", "/recipients", "{\"name\":\"bodies\"}");
    server.done("POST", "/principals", "{\"name\":\"bodies\",\"role\":\"VIEWER\"}");
    for (Endpoint endpoint : Endpoint.values()) {
      JsonNode operation = operation(endpoint.method(), "/" + endpoint.path());
      JsonNode schema = operation.at("/requestBody/content/application~1json/schema");
      if (!schema.isMissingNode()) {
        String name = schema.get("$ref").asText().replaceFirst(".*/", "");
        String id = endpoint == Endpoint.CREATE_PUBLICATION ? "\"upload_id\":\"x\"," : "";
        assertThat(taken(endpoint, "{" + id + "\"no_such\":1}"))
            .as(endpoint.name())
            .isEqualTo(fields(name));
      }
    }
    for (String action : List.of("AddObject", "RemoveObject")) {
      assertThat(taken(Endpoint.UPDATE_SHARE, "{\"updates\":[{\"no_such\":1}]}"))
          .isEqualTo(fields(action));
    }
    assertThat(
            taken(
                Endpoint.UPDATE_SHARE,
                "{\"updates\":[{\"action\":\"ADD\",\"data_object\":{\"no_such\":1}}]}"))
        .isEqualTo(fields("DataObject"));
    assertThat(
            taken(
                Endpoint.UPDATE_SHARE,
                "{\"updates\":[{\"action\":\"REMOVE\",\"data_object\":{\"no_such\":1}}]}"))
        .isEqualTo(fields("HeldObject"));
    assertThat(taken(Endpoint.UPDATE_PERMISSIONS, "{\"changes\":[{\"no_such\":1}]}"))
        .isEqualTo(fields("PermissionChange"));
    assertThat(taken(Endpoint.CREATE_RECIPIENT, "{\"name\":\"x\",\"oidc_policy\":{\"no_such\":1}}"))
        .isEqualTo(fields("NewOidcPolicy"));
    assertThat(
            taken(
                Endpoint.CREATE_PUBLICATION,
                "{\"upload_id\":\"x\",\"file_name\":\"f\",\"columns\":[{\"no_such\":1}]}"))
        .isEqualTo(fields("ColumnCorrection"));
  }

  /** The fields that the server says it knows. */
  private static Set<String> taken(Endpoint endpoint, String body) {
    HttpResponse<String> response =
        server.admin(
            endpoint.method(),
            "/" + endpoint.path().replace("{}", "bodies"),
            body,
            "Content-Type",
            "application/json");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    Matcher known = KNOWN.matcher(response.body());
    assertThat(known.find()).as(response.body()).isTrue();
    Set<String> names = new TreeSet<>(List.of(known.group(1).split(", ", -1)));
    names.remove("");
    return names;
  }

  private static Set<String> fields(String schema) {
    Set<String> names = new TreeSet<>();
    document
        .at("/components/schemas/" + schema + "/properties")
        .fieldNames()
        .forEachRemaining(names::add);
    return names;
  }

  @Test
  void responsesAreAsDocumented() {
    checked("POST", "/shares", "/shares", "{\"name\":\"shop\",\"comment\":\"c\"}");
    checked("GET", "/shares", "/shares?maxResults=1", "");
    checked("PATCH", "/shares/{}", "/shares/shop", "{\"properties\":{\"a\":\"b\"}}");
    checked("POST", "/recipients", "/recipients", "{\"name\":\"acme\"}");
    checked("GET", "/recipients", "/recipients", "");
    checked("GET", "/recipients/{}", "/recipients/acme", "");
    checked("PATCH", "/recipients/{}", "/recipients/acme", "{\"comment\":\"c\"}");
    checked("POST", "/recipients/{}/rotate-token", "/recipients/acme/rotate-token", "{}");
    checked(
        "PATCH",
        "/shares/{}/permissions",
        "/shares/shop/permissions",
        "{\"changes\":[{\"recipient_name\":\"acme\",\"add\":[\"SELECT\"]}]}");
    checked("GET", "/shares/{}/permissions", "/shares/shop/permissions", "");
    checked("GET", "/recipients/{}/share-permissions", "/recipients/acme/share-permissions", "");
    checked("POST", "/publications", "/publications?file_name=a.csv&validate_only=true", "a\n1\n");
    checked(
        "POST",
        "/publications",
        "/publications?file_name=a.csv&on_error=set_aside&share=shop",
        "a,b\n1,2\n3\n");
    checked("GET", "/publications", "/publications", "");
    checked("GET", "/publications/{}", "/publications/a", "");
    checked("GET", "/publications/{}/snippets", "/publications/a/snippets", "");
    checked("GET", "/publications/{}/set-aside", "/publications/a/set-aside", "");
    checked("GET", "/shares/{}", "/shares/shop", "");
    checked("POST", "/principals", "/principals", "{\"name\":\"p\",\"role\":\"EDITOR\"}");
    checked("GET", "/principals", "/principals", "");
    checked("GET", "/principals/{}", "/principals/p", "");
    checked("PATCH", "/principals/{}", "/principals/p", "{\"role\":\"VIEWER\"}");
    checked("POST", "/principals/{}/rotate-token", "/principals/p/rotate-token", "");
    checked("GET", "/audit-events", "/audit-events", "");
    checked("GET", "/usage", "/usage", "");
    checked("DELETE", "/publications/{}", "/publications/a?purge=true", "");
    checked("DELETE", "/principals/{}", "/principals/p", "");
    checked("DELETE", "/recipients/{}", "/recipients/acme", "");
    checked("DELETE", "/shares/{}", "/shares/shop", "");
    checked("GET", "/shares/{}", "/shares/shop", "");
    checked("POST", "/shares", "/shares", "{\"name\":1}");
    checked("POST", "/shares", "/shares", "no JSON");
  }

  /** One after the other: what the example of a request needs is what those before it made. */
  @Test
  void examplesAreTaken(@TempDir Path other) throws IOException {
    Files.createDirectories(other.resolve("tables"));
    Set<Endpoint> left = EnumSet.allOf(Endpoint.class);
    Map<String, String> replaced = new HashMap<>();
    left.remove(Endpoint.RELOAD); // There is no file to be read again.
    try (ProviderServer fresh = ProviderServer.start(other)) {
      example(fresh, Endpoint.CREATE_RECIPIENT, "application/json", left, replaced);
      example(fresh, Endpoint.CREATE_PRINCIPAL, "application/json", left, replaced);
      example(fresh, Endpoint.CREATE_SHARE, "application/json", left, replaced);
      JsonNode made = example(fresh, Endpoint.CREATE_PUBLICATION, "text/csv", left, replaced);
      String upload =
          fresh
              .done("POST", "/publications?file_name=a.csv&validate_only=true", "order_id\n1\n")
              .get("upload_id")
              .asText();
      replaced.put("/data/shop/orders", made.get("storage_location").asText());
      replaced.put("00000000-0000-0000-0000-000000000000", upload);
      example(fresh, Endpoint.CREATE_PUBLICATION, "application/json", left, replaced);
      for (String method : List.of("PATCH", "POST", "GET", "DELETE")) {
        // Those of what is in something before those of the thing itself.
        for (Endpoint endpoint : List.copyOf(left)) {
          if (endpoint.method().equals(method) && endpoint != Endpoint.DELETE_SHARE) {
            example(fresh, endpoint, "application/json", left, replaced);
          }
        }
      }
      example(fresh, Endpoint.DELETE_SHARE, "application/json", left, replaced);
    }
    assertThat(left).isEmpty();
  }

  private static JsonNode example(
      ProviderServer fresh,
      Endpoint endpoint,
      String type,
      Set<Endpoint> left,
      Map<String, String> replaced) {
    JsonNode operation = operation(endpoint.method(), "/" + endpoint.path());
    String path = "/" + endpoint.path();
    List<String> query = new ArrayList<>();
    for (JsonNode parameter : operation.path("parameters")) {
      JsonNode json = parameter.at("/content/application~1json");
      JsonNode value = json.isMissingNode() ? parameter.path("example") : json.path("example");
      if (parameter.get("in").asText().equals("path")) {
        path = path.replaceFirst("\\{}", value.asText());
      } else if (!value.isMissingNode()) {
        query.add(parameter.get("name").asText() + "=" + encoded(value, json.isMissingNode()));
      }
    }
    boolean json = type.equals("application/json");
    if (endpoint == Endpoint.CREATE_PUBLICATION && json) {
      query.clear();
    }
    JsonNode body = operation.at("/requestBody/content").path(type).path("example");
    String text = body.isTextual() ? body.textValue() : body.isMissingNode() ? "" : body.toString();
    for (Map.Entry<String, String> one : replaced.entrySet()) {
      text = text.replace(one.getKey(), one.getValue());
    }
    HttpResponse<String> response =
        fresh.admin(
            endpoint.method(), path + "?" + String.join("&", query), text, "Content-Type", type);
    assertThat(response.statusCode()).as(endpoint + " " + response.body()).isBetween(200, 204);
    assertThat(operation.path("responses").has(String.valueOf(response.statusCode()))).isTrue();
    left.remove(endpoint);
    return response.body().isEmpty() ? JSON.createObjectNode() : json(response.body());
  }

  private static String encoded(JsonNode value, boolean plain) {
    String text =
        plain && value.isArray()
            ? StreamSupport.stream(value.spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining(","))
            : plain ? value.asText() : value.toString();
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Another method is refused with those that there are. */
  @Test
  void otherMethodsAreRefusedWithThoseOfThePath() {
    HttpResponse<String> response = server.admin("PUT", "/shares/any", "{}");
    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow")).contains("DELETE, GET, PATCH");
    assertThat(server.admin("PUT", "/none", "{}").statusCode()).isEqualTo(404);
  }

  /** A field that nobody documented would be found. */
  @Test
  void theCheckFindsWhatIsNotDocumented() {
    ObjectNode health = JSON.createObjectNode().put("status", 1).put("other", 2);
    List<String> problems = new ArrayList<>();
    check("", health, schema("Health"), problems);
    assertThat(problems).containsExactlyInAnyOrder("/status is no string", "/other is unknown");
    problems.clear();
    check("", JSON.createObjectNode(), schema("Health"), problems);
    assertThat(problems).containsExactly("/status is missing");
  }

  private static JsonNode schema(String name) {
    return document.at("/components/schemas/" + name);
  }

  private static void checked(String method, String template, String path, String body) {
    HttpResponse<String> response = server.admin(method, path, body);
    String status = String.valueOf(response.statusCode());
    JsonNode responses = operation(method, template).path("responses");
    JsonNode documented = responses.path(status);
    assertThat(documented.isMissingNode())
        .as(path + " " + status + " " + response.body())
        .isFalse();
    if (documented.has("$ref")) {
      documented = document.at(documented.get("$ref").asText().substring(1));
    }
    JsonNode schema = documented.at("/content/application~1json/schema");
    List<String> problems = new ArrayList<>();
    if (schema.isMissingNode()) {
      assertThat(response.body()).isEmpty();
    } else {
      check("", json(response.body()), schema, problems);
    }
    assertThat(problems).as(path + " " + response.body()).isEmpty();
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new AssertionError(text, e);
    }
  }

  /** As strict as the schemas are, which use a few words of JSON Schema only. */
  private static void check(String place, JsonNode value, JsonNode given, List<String> problems) {
    JsonNode schema =
        given.has("$ref") ? document.at(given.get("$ref").asText().substring(1)) : given;
    JsonNode type = schema.path("type");
    if (type.isArray() && value.isNull()) {
      assertThat(type.toString()).contains("null");
      return;
    }
    switch (type.isArray() ? type.path(0).asText() : type.asText()) {
      case "object" -> checkObject(place, value, schema, problems);
      case "array" -> {
        if (value instanceof ArrayNode array) {
          array.forEach(item -> check(place + "/*", item, schema.get("items"), problems));
        } else {
          problems.add(place + " is no list");
        }
      }
      case "string" -> {
        if (!value.isTextual()) {
          problems.add(place + " is no string");
        } else if (schema.has("enum")
            && !schema.get("enum").toString().contains(value.toString())) {
          problems.add(place + " is " + value);
        }
      }
      case "integer" -> require(value.isIntegralNumber(), place + " is no integer", problems);
      case "boolean" -> require(value.isBoolean(), place + " is no boolean", problems);
      default -> assertThat(schema.isEmpty()).as("%s", schema).isTrue();
    }
  }

  private static void require(boolean is, String problem, List<String> problems) {
    if (!is) {
      problems.add(problem);
    }
  }

  private static void checkObject(
      String place, JsonNode value, JsonNode schema, List<String> problems) {
    schema
        .path("required")
        .forEach(
            name ->
                require(
                    value.has(name.asText()),
                    place + "/" + name.asText() + " is missing",
                    problems));
    value
        .fields()
        .forEachRemaining(
            field -> {
              String at = place + "/" + field.getKey();
              JsonNode known = schema.path("properties").path(field.getKey());
              JsonNode others = schema.path("additionalProperties");
              if (!known.isMissingNode()) {
                check(at, field.getValue(), known, problems);
              } else if (others.isObject()) {
                check(at, field.getValue(), others, problems);
              } else if (!others.isMissingNode()) {
                problems.add(at + " is unknown");
              }
            });
  }
}
