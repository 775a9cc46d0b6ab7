/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.server.ProviderServer;
import io.github.deltasharing.server.ServerClient;
import io.github.deltasharing.server.store.AdminRole;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every route of the admin API and everybody who may try it. */
@Tag("unit")
class AdminRolesTest {
  @TempDir static Path directory;
  private static ProviderServer server;
  private static String recipientToken;
  private static final Map<AdminRole, String> TOKENS = new EnumMap<>(AdminRole.class);

  @BeforeAll
  static void start() {
    server = ProviderServer.start(directory);
    server.done("POST", "/shares", "{\"name\":\"thing\",\"comment\":\"as it was\"}");
    recipientToken = server.recipient("thing").path("bearerToken").asText();
    server.grant("thing", "thing");
    for (AdminRole role : AdminRole.values()) {
      JsonNode made =
          server.done(
              "POST", "/principals", "{\"name\":\"the %s\",\"role\":\"%s\"}".formatted(role, role));
      TOKENS.put(role, made.path("bearer_token").asText());
    }
    server.done("POST", "/principals", "{\"name\":\"thing\",\"role\":\"VIEWER\"}");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String path(AdminRoute.Endpoint endpoint) {
    return "/" + endpoint.path().replace("{}", "thing");
  }

  /** All that there is, but for when tokens were used. */
  private static String everything() {
    List<String> all = new ArrayList<>();
    for (String path :
        List.of(
            "/shares/thing",
            "/shares",
            "/shares/thing/permissions",
            "/recipients",
            "/recipients/thing",
            "/principals")) {
      all.add(server.admin("GET", path, "").body().replaceAll("\"last_used_at\":\"[^\"]*\",", ""));
    }
    return String.join("\n", all);
  }

  /** A body that would change something. */
  private static String body(AdminRoute.Endpoint endpoint, String name) {
    return switch (endpoint) {
      case CREATE_SHARE, CREATE_RECIPIENT -> "{\"name\":\"" + name + "\"}";
      case CREATE_PRINCIPAL -> "{\"name\":\"" + name + "\",\"role\":\"ADMIN\"}";
      case UPDATE_SHARE, UPDATE_RECIPIENT -> "{\"comment\":\"" + name + "\"}";
      case UPDATE_PERMISSIONS ->
          "{\"changes\":[{\"recipient_name\":\"thing\",\"remove\":[\"SELECT\"]}]}";
      case UPDATE_PRINCIPAL -> "{\"role\":\"ADMIN\"}";
      default -> "";
    };
  }

  private static void isRefused(
      int status, String token, AdminRoute.Endpoint endpoint, String before) {
    HttpResponse<String> response =
        server.as(token, endpoint.method(), path(endpoint), body(endpoint, "new"));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(everything()).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource(AdminRoute.Endpoint.class)
  void whoIsNotOfTheRoleChangesAndSeesNothing(AdminRoute.Endpoint endpoint) {
    String before = everything();
    for (AdminRole role : AdminRole.values()) {
      if (role.compareTo(endpoint.role()) < 0) {
        isRefused(403, TOKENS.get(role), endpoint, before);
      }
    }
    isRefused(401, recipientToken, endpoint, before);
    isRefused(401, "A".repeat(43), endpoint, before);
    isRefused(401, "", endpoint, before);
  }

  @ParameterizedTest
  @EnumSource(AdminRoute.Endpoint.class)
  void aTokenIsTakenFromTheHeaderOnly(AdminRoute.Endpoint endpoint) {
    String before = everything();
    String token = server.adminToken();
    for (String name : List.of("token", "access_token", "bearerToken", "Authorization")) {
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create(
                      server.origin()
                          + AdminHandler.PATH
                          + path(endpoint)
                          + "?"
                          + name
                          + "="
                          + token))
              .method(endpoint.method(), HttpRequest.BodyPublishers.ofString(body(endpoint, "new")))
              .build();
      assertThat(ServerClient.send(request).statusCode()).isEqualTo(401);
    }
    assertThat(everything()).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource(AdminRoute.Endpoint.class)
  void whoIsOfTheRoleGetsAnAnswer(AdminRoute.Endpoint endpoint) {
    for (AdminRole role : AdminRole.values()) {
      if (role.compareTo(endpoint.role()) >= 0) {
        // Of something that is not there: what is there is for the other tests.
        String path = "/" + endpoint.path().replace("{}", "nothing");
        HttpResponse<String> response =
            server.as(
                TOKENS.get(role),
                endpoint.method(),
                path,
                endpoint.path().contains("{}") ? body(endpoint, "x") : "{}");
        assertThat(response.statusCode())
            .as(response.body())
            .isEqualTo(
                endpoint.path().contains("{}") ? 404 : endpoint.method().equals("GET") ? 200 : 400);
      }
    }
  }

  @Test
  void anEditorMayEdit() {
    String token = TOKENS.get(AdminRole.EDITOR);
    assertThat(server.as(token, "POST", "/shares", "{\"name\":\"of the editor\"}").statusCode())
        .isEqualTo(201);
    assertThat(server.as(token, "DELETE", "/shares/of%20the%20editor", "").statusCode())
        .isEqualTo(204);
  }

  @Test
  void aPrincipalEndsAtOnceAndItsOldTokenToo() {
    String first =
        server
            .done("POST", "/principals", "{\"name\":\"short\",\"role\":\"viewer\"}")
            .path("bearer_token")
            .asText();
    assertThat(server.as(first, "GET", "/shares", "").statusCode()).isEqualTo(200);
    String second =
        server.done("POST", "/principals/short/rotate-token", "").path("bearer_token").asText();
    assertThat(server.as(first, "GET", "/shares", "").statusCode()).isEqualTo(401);
    assertThat(server.as(second, "POST", "/shares", "{\"name\":\"n\"}").statusCode())
        .isEqualTo(403);
    server.done("PATCH", "/principals/short", "{\"role\":\"EDITOR\"}");
    assertThat(server.as(second, "POST", "/shares", "{\"name\":\"n\"}").statusCode())
        .isEqualTo(201);
    server.done("DELETE", "/shares/n", "");
    server.done("DELETE", "/principals/short", "");
    assertThat(server.as(second, "GET", "/shares", "").statusCode()).isEqualTo(401);
  }

  @Test
  void anAdminsTokenIsNoRecipients() {
    for (AdminRole role : AdminRole.values()) {
      assertThat(server.get(TOKENS.get(role), "/shares").statusCode()).isEqualTo(401);
    }
    assertThat(server.get(recipientToken, "/shares").statusCode()).isEqualTo(200);
    assertThat(
            ServerClient.send(
                    HttpRequest.newBuilder(
                            URI.create(server.uri() + "/shares?access_token=" + recipientToken))
                        .build())
                .statusCode())
        .isEqualTo(401);
  }

  @Test
  void otherMethodsAndPathsAreNotThere() {
    assertThat(server.admin("PUT", "/shares/thing", "{}").statusCode()).isEqualTo(405);
    assertThat(server.admin("GET", "/recipients/thing/rotate-token", "").statusCode())
        .isEqualTo(405);
    assertThat(server.admin("GET", "/nothing", "").statusCode()).isEqualTo(404);
    assertThat(server.admin("GET", "/shares/", "").statusCode()).isEqualTo(404);
  }
}
