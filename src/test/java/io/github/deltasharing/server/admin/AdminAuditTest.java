/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.server.ProviderServer;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each route of the admin API leaves one event that says who did what to what. */
@Tag("unit")
class AdminAuditTest {
  private static final Set<AdminRoute.Endpoint> OF_NOTHING =
      EnumSet.of(
          AdminRoute.Endpoint.LIST_SHARES,
          AdminRoute.Endpoint.LIST_RECIPIENTS,
          AdminRoute.Endpoint.LIST_PUBLICATIONS,
          AdminRoute.Endpoint.LIST_PRINCIPALS,
          AdminRoute.Endpoint.LIST_AUDIT_EVENTS,
          AdminRoute.Endpoint.GET_USAGE,
          AdminRoute.Endpoint.RELOAD);

  @TempDir static Path directory;
  private static ProviderServer server;
  private static String viewer;

  @BeforeAll
  static void start() {
    server = ProviderServer.start(directory);
    viewer =
        server
            .done("POST", "/principals", "{\"name\":\"vera\",\"role\":\"VIEWER\"}")
            .path("bearer_token")
            .asText();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static JsonNode only(String requestId) {
    List<JsonNode> events = server.auditEvents("?request_id=" + requestId);
    assertThat(events).hasSize(1);
    assertThat(server.auditLines())
        .filteredOn(line -> line.at("/api/request/uid").asText().equals(requestId))
        .hasSize(1);
    return events.get(0);
  }

  private static String path(AdminRoute.Endpoint endpoint) {
    return "/" + endpoint.path().replace("{}", "thing");
  }

  private static void namesTheTarget(JsonNode event, AdminRoute.Endpoint endpoint) {
    if (OF_NOTHING.contains(endpoint)) {
      assertThat(event.path("resources")).isEmpty();
      return;
    }
    JsonNode resource = event.path("resources").get(0);
    assertThat(resource.path("name").asText()).isEqualTo("thing");
    assertThat(endpoint.path())
        .startsWith(resource.path("type").asText().toLowerCase(Locale.ROOT) + "s");
  }

  @ParameterizedTest
  @EnumSource(AdminRoute.Endpoint.class)
  void oneEventForEachRoute(AdminRoute.Endpoint endpoint) {
    String id = "as-admin-" + endpoint;
    int status =
        server
            .admin(
                endpoint.method(),
                path(endpoint),
                endpoint.method().equals("POST") && !endpoint.path().contains("{}")
                    ? "{\"name\":\"thing\",\"role\":7}"
                    : "",
                "x-request-id",
                id,
                "Content-Type",
                "application/json")
            .statusCode();
    JsonNode event = only(id);
    assertThat(event.path("operation").asText()).isEqualTo(endpoint.logName());
    assertThat(event.at("/actor/type").asText()).isEqualTo("PRINCIPAL");
    assertThat(event.at("/actor/name").asText()).isEqualTo("admin");
    assertThat(event.path("status").asInt()).isEqualTo(status);
    assertThat(event.path("address").asText()).isEqualTo("127.0.0.1");
    String action =
        switch (endpoint.method()) {
          case "GET" -> "READ";
          case "PATCH" -> "UPDATE";
          case "DELETE" -> "DELETE";
          default -> endpoint.path().matches(".*rotate.*|reload") ? "UPDATE" : "CREATE";
        };
    assertThat(event.path("action").asText()).isEqualTo(action);
    namesTheTarget(event, endpoint);
  }

  @ParameterizedTest
  @EnumSource(AdminRoute.Endpoint.class)
  void oneEventForWhoIsRefused(AdminRoute.Endpoint endpoint) {
    String id = "as-nobody-" + endpoint;
    server.as("A".repeat(43), endpoint.method(), path(endpoint), "", "x-request-id", id);
    JsonNode event = only(id);
    assertThat(event.at("/actor/type").asText()).isEqualTo("UNKNOWN");
    assertThat(event.path("status").asInt()).isEqualTo(401);
    assertThat(event.path("error_code").asText()).isEqualTo("UNAUTHENTICATED");
    if (endpoint.role() != io.github.deltasharing.server.store.AdminRole.VIEWER) {
      id = "as-viewer-" + endpoint;
      server.as(viewer, endpoint.method(), path(endpoint), "", "x-request-id", id);
      event = only(id);
      assertThat(event.at("/actor/name").asText()).isEqualTo("vera");
      assertThat(event.path("status").asInt()).isEqualTo(403);
      assertThat(event.path("error_code").asText()).isEqualTo("PERMISSION_DENIED");
      if (endpoint.path().contains("{}")) {
        namesTheTarget(event, endpoint);
      }
    }
  }
}
