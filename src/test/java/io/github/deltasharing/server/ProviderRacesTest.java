/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.server.config.DatabaseConfig;
import io.github.deltasharing.server.store.StoreKind;
import io.github.deltasharing.testing.MovableClock;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Principals and recipients that do things at the same time: each is done or refused, whole. */
@Tag("unit")
@ParameterizedClass
@EnumSource(StoreKind.class)
class ProviderRacesTest {
  private static final String NOW = "{\"existing_token_expire_in_seconds\":0}";
  private static final int ROUNDS = 8;

  @Parameter StoreKind kind;
  @TempDir Path directory;
  private ExecutorService threads;
  private ProviderServer server;

  @BeforeEach
  void start() {
    HandWrittenTable.write(directory.resolve("tables/orders"), 1, 10);
    DatabaseConfig database = kind.config(directory.resolve("data"));
    server = ProviderServer.start(directory, new MovableClock(), database);
    threads = Executors.newFixedThreadPool(20);
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
      threads.shutdownNow();
    }
  }

  /** All of them as nearly at once as threads can. */
  private List<HttpResponse<String>> atOnce(List<Callable<HttpResponse<String>>> calls)
      throws Exception {
    CyclicBarrier barrier = new CyclicBarrier(calls.size());
    List<Future<HttpResponse<String>>> sent = new ArrayList<>();
    for (Callable<HttpResponse<String>> call : calls) {
      sent.add(
          threads.submit(
              () -> {
                barrier.await();
                return call.call();
              }));
    }
    List<HttpResponse<String>> responses = new ArrayList<>();
    for (Future<HttpResponse<String>> response : sent) {
      responses.add(response.get());
    }
    return responses;
  }

  private static List<Integer> statuses(List<HttpResponse<String>> responses) {
    return responses.stream().map(HttpResponse::statusCode).sorted().toList();
  }

  private String link(String recipient) {
    return server
        .done("POST", "/recipients", "{\"name\":\"" + recipient + "\"}")
        .at("/token/activation_url")
        .asText();
  }

  private int status(HttpResponse<String> activated) {
    return server
        .get(ServerClient.json(activated).path("bearerToken").asText(), "/shares")
        .statusCode();
  }

  @Test
  void aLinkThatTwentyOpenAtOnceGivesOneProfile() throws Exception {
    String link = link("acme");
    List<HttpResponse<String>> opened =
        atOnce(Collections.nCopies(20, () -> ProviderServer.open(link)));
    List<Integer> expected = new ArrayList<>(Collections.nCopies(19, 404));
    expected.add(0, 200);
    assertThat(statuses(opened)).isEqualTo(expected);
    assertThat(
            opened.stream()
                .filter(response -> response.statusCode() == 404)
                .map(HttpResponse::body)
                .distinct())
        .hasSize(1);
    HttpResponse<String> first =
        opened.stream().filter(response -> response.statusCode() == 200).findFirst().orElseThrow();
    assertThat(status(first)).isEqualTo(200);
  }

  @Test
  void ofManyRotationsAtOnceOneLinkCanBeOpened() throws Exception {
    String before = server.recipient("acme").path("bearerToken").asText();
    for (int round = 0; round < ROUNDS; round++) {
      List<HttpResponse<String>> rotated =
          atOnce(
              Collections.nCopies(
                  4, () -> server.admin("POST", "/recipients/acme/rotate-token", NOW)));
      assertThat(statuses(rotated)).containsOnly(200);
      List<HttpResponse<String>> opened =
          rotated.stream()
              .map(one -> ServerClient.json(one).path("activation_url").asText())
              .map(ProviderServer::open)
              .toList();
      assertThat(statuses(opened)).containsExactly(200, 404, 404, 404);
      assertThat(server.get(before, "/shares").statusCode()).isEqualTo(401);
      before =
          opened.stream()
              .filter(one -> one.statusCode() == 200)
              .map(one -> ServerClient.json(one).path("bearerToken").asText())
              .findFirst()
              .orElseThrow();
      assertThat(server.get(before, "/shares").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aRotationAndAnActivationAtOnceLeaveNoTokenOfTheOldLink() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      String link = link("r" + round);
      String path = "/recipients/r" + round + "/rotate-token";
      List<HttpResponse<String>> both =
          atOnce(List.of(() -> ProviderServer.open(link), () -> server.admin("POST", path, NOW)));
      assertThat(both.get(1).statusCode()).isEqualTo(200);
      assertThat(both.get(0).statusCode()).isIn(200, 404);
      if (both.get(0).statusCode() == 200) {
        assertThat(status(both.get(0))).isEqualTo(401);
      }
    }
  }

  @Test
  void aRecipientThatIsDeletedWhileItsLinkIsOpenedHasNoToken() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      String name = "r" + round;
      String link = link(name);
      List<HttpResponse<String>> both =
          atOnce(
              List.of(
                  () -> ProviderServer.open(link),
                  () -> server.admin("DELETE", "/recipients/" + name, ""),
                  () -> server.admin("POST", "/recipients/" + name + "/rotate-token", NOW)));
      assertThat(both.get(0).statusCode()).isIn(200, 404);
      assertThat(both.get(1).statusCode()).isEqualTo(204);
      assertThat(both.get(2).statusCode()).as(both.get(2).body()).isIn(200, 404);
      if (both.get(0).statusCode() == 200) {
        assertThat(status(both.get(0))).isEqualTo(401);
      }
      if (both.get(2).statusCode() == 200) {
        String other = ServerClient.json(both.get(2)).path("activation_url").asText();
        assertThat(ProviderServer.open(other).statusCode()).isEqualTo(404);
      }
    }
  }

  private static String grants(String... recipients) {
    StringBuilder changes = new StringBuilder();
    for (String recipient : recipients) {
      changes
          .append(changes.length() == 0 ? "" : ",")
          .append("{\"recipient_name\":\"" + recipient + "\",\"add\":[\"SELECT\"]}");
    }
    return "{\"changes\":[" + changes + "]}";
  }

  @Test
  void grantsOfTheSameRecipientsInAnotherOrderAreNoReasonToFail() throws Exception {
    server.done("POST", "/shares", "{\"name\":\"one\"}");
    server.done("POST", "/shares", "{\"name\":\"two\"}");
    String[] names = IntStream.range(0, 40).mapToObj(i -> "r" + i).toArray(String[]::new);
    for (String name : names) {
      link(name);
    }
    String forth = grants(names);
    List<String> turned = new ArrayList<>(List.of(names));
    Collections.reverse(turned);
    String back = grants(turned.toArray(String[]::new));
    for (int round = 0; round < ROUNDS; round++) {
      List<HttpResponse<String>> both =
          atOnce(
              List.of(
                  () -> server.admin("PATCH", "/shares/one/permissions", forth),
                  () -> server.admin("PATCH", "/shares/two/permissions", back)));
      assertThat(statuses(both)).as(both.get(0).body() + both.get(1).body()).containsOnly(200);
    }
  }

  @Test
  void aShareThatIsDeletedMadeAndGrantedAtOnceIsGrantedAsItWasMadeLastOrNot() throws Exception {
    String token = server.recipient("acme").path("bearerToken").asText();
    for (int round = 0; round < ROUNDS; round++) {
      server.done("POST", "/shares", "{\"name\":\"retail\"}");
      List<HttpResponse<String>> all =
          atOnce(
              List.of(
                  () -> server.admin("PATCH", "/shares/retail/permissions", grants("acme")),
                  () -> server.admin("DELETE", "/shares/retail", ""),
                  () -> server.admin("POST", "/shares", "{\"name\":\"retail\"}"),
                  () ->
                      server.admin(
                          "PATCH",
                          "/shares/retail",
                          ProviderServer.add("sales.orders", server.tables().resolve("orders")))));
      assertThat(all.get(0).statusCode()).as(all.get(0).body()).isIn(200, 404);
      assertThat(all.get(1).statusCode()).as(all.get(1).body()).isIn(204, 404);
      assertThat(all.get(2).statusCode()).as(all.get(2).body()).isIn(201, 409);
      assertThat(all.get(3).statusCode()).as(all.get(3).body()).isIn(200, 404);
      server.admin("DELETE", "/shares/retail", "");
      assertThat(server.done("GET", "/recipients/acme/share-permissions", "").path("items"))
          .isEmpty();
      server.done("POST", "/shares", "{\"name\":\"retail\"}");
      assertThat(server.get(token, "/shares/retail").statusCode()).isEqualTo(404);
      server.done("DELETE", "/shares/retail", "");
    }
  }

  @Test
  void ofTheSameThingMadeByManyAtOnceThereIsOne() throws Exception {
    server.done("POST", "/shares", "{\"name\":\"retail\"}");
    for (String[] made :
        new String[][] {
          {"POST", "/shares", "{\"name\":\"a\"}", "201"},
          {"POST", "/recipients", "{\"name\":\"a\"}", "201"},
          {"POST", "/principals", "{\"name\":\"a\",\"role\":\"VIEWER\"}", "201"},
          {
            "PATCH",
            "/shares/retail",
            ProviderServer.add("sales.orders", server.tables().resolve("orders")),
            "200"
          }
        }) {
      List<HttpResponse<String>> all =
          atOnce(Collections.nCopies(4, () -> server.admin(made[0], made[1], made[2])));
      int success = Integer.parseInt(made[3]);
      assertThat(statuses(all)).as(made[1]).containsExactly(success, 409, 409, 409);
    }
  }

  @Test
  void changesAtOnceWithOneVersionAreOneChange() throws Exception {
    server.done("POST", "/shares", "{\"name\":\"retail\"}");
    String version =
        server.admin("GET", "/shares/retail", "").headers().firstValue("ETag").orElseThrow();
    List<Callable<HttpResponse<String>>> calls = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String body = "{\"comment\":\"" + i + "\"}";
      calls.add(() -> server.admin("PATCH", "/shares/retail", body, "If-Match", version));
    }
    assertThat(statuses(atOnce(calls))).containsExactly(200, 412, 412, 412, 412, 412, 412, 412);
    assertThat(server.done("GET", "/shares/retail", "").path("version").asInt()).isEqualTo(2);
  }

  @Test
  void morePrincipalsThanConnectionsGetTheirAnswers() throws Exception {
    server.done("POST", "/shares", "{\"name\":\"retail\"}");
    List<Callable<HttpResponse<String>>> calls = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String body = "{\"comment\":\"" + i + "\"}";
      calls.add(() -> server.admin("PATCH", "/shares/retail", body));
    }
    assertThat(statuses(atOnce(calls))).containsOnly(200);
    assertThat(server.done("GET", "/shares/retail", "").path("version").asInt()).isEqualTo(21);
  }
}
