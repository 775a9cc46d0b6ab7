/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The admin commands, on a server and on its store. */
class CommandsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;
  private ProviderServer server;

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(directory.resolve("tables"));
    server = ProviderServer.start(directory);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Map<String, String> online() {
    return Map.of(
        "DELTA_SHARING_SERVER",
        server.origin().toString(),
        "DELTA_SHARING_TOKEN_FILE",
        directory.resolve("data/admin-token").toString());
  }

  private ServerCommands run(String... args) {
    return ServerCommands.run(online(), args);
  }

  /** The same on the store. */
  private ServerCommands runOffline(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of("--data", directory.resolve("data").toString()));
    all.addAll(List.of("--external-url", "https://sharing.example.com"));
    return ServerCommands.run(Map.of(), all.toArray(String[]::new));
  }

  private static JsonNode json(ServerCommands done) throws IOException {
    assertThat(done.code()).as(done.err()).isZero();
    return JSON.readTree(done.out());
  }

  @FunctionalInterface
  private interface Way {
    ServerCommands run(String... args);
  }

  private void wholeLife(Way way) throws IOException {
    assertThat(way.run("share", "create", "shop", "--comment", "a\u001b[31mb\n\u202e").out())
        .contains("name", "shop", "a\\u001b[31mb\\n\\u202e")
        .doesNotContain("\u001b", "\u202e");
    assertThat(
            json(way.run("share", "update", "shop", "--owner", "x", "-o", "json"))
                .get("owner")
                .asText())
        .isEqualTo("x");
    JsonNode acme =
        json(way.run("recipient", "create", "acme", "--token-lifetime", "2d", "-o", "json"));
    assertThat(acme.at("/token/activation_url").asText()).contains("/activation/");
    assertThat(way.run("grant", "add", "shop", "acme").out()).contains("RECIPIENT_NAME", "acme");
    assertThat(way.run("grant", "list", "shop").out().lines()).hasSize(2);
    Path csv = Files.writeString(directory.resolve("r.csv"), "id,day\n1,2024-02-29\n2,\n");
    ServerCommands preview = way.run("publish", csv.toString(), "--validate-only");
    assertThat(preview.out()).contains("COLUMN", "id      long", "day     date  2024-02-29, null");
    assertThat(preview.err()).contains("r.csv: sending");
    assertThat(json(way.run("publications", "list", "-o", "json")).get("items")).isEmpty();
    JsonNode made =
        json(
            way.run(
                "publish",
                csv.toString(),
                "--share=shop",
                "--schema=s",
                "--type=id=string",
                "-o=json"));
    assertThat(made.get("table").asText()).isEqualTo("r");
    assertThat(way.run("publish", csv.toString()).err())
        .startsWith("r.csv: sending")
        .contains("'r' is published already", "409 RESOURCE_ALREADY_EXISTS");
    assertThat(way.run("publish", csv.toString()).code()).isEqualTo(1);
    assertThat(way.run("publish", csv.toString(), "--replace").code()).isZero();
    assertThat(way.run("publications", "snippets", "r", "--language", "pyspark").out())
        .contains("config.share#shop.s.r");
    assertThat(way.run("share", "show", "shop").out()).contains("objects:", "s.r");
    assertThat(way.run("recipient", "permissions", "acme").out()).contains("shop");
    assertThat(way.run("grant", "remove", "shop", "acme").code()).isZero();
    assertThat(way.run("recipient", "permissions", "acme").out().lines()).hasSize(1);
    assertThat(way.run("recipient", "rotate", "acme", "--grace", "0").out())
        .contains("activation_url");
    assertThat(way.run("recipient", "show", "acme").out())
        .contains("tokens:")
        .doesNotContain("activation_url");
    assertThat(way.run("share", "update", "shop", "--owner", "y", "--if-version", "99").err())
        .contains("412 INVALID_STATE");
    assertThat(way.run("publications", "delete", "r", "--purge", "--yes").out())
        .isEqualToIgnoringNewLines("deleted publication r and its files");
    assertThat(way.run("recipient", "delete", "acme", "-y").code()).isZero();
    ServerCommands gone = way.run("recipient", "show", "acme");
    assertThat(gone.code()).isEqualTo(1);
    assertThat(gone.out()).isEmpty();
    assertThat(gone.err()).contains("There is no recipient 'acme'").hasLineCount(1);
    assertThat(way.run("usage").code()).isZero();
    assertThat(way.run("audit", "--limit", "5").code()).isZero();
  }

  @Test
  void aWholeLifeOnAServer() throws IOException {
    wholeLife(this::run);
  }

  @Test
  void aWholeLifeOnTheStoreLeavesAnAudit() throws IOException {
    server.close();
    wholeLife(this::runOffline);
    assertThat(runOffline("audit", "--operation", "adminUpdatePermissions").out())
        .contains("local:" + System.getProperty("user.name"), "shop");
    assertThat(runOffline("recipient", "create", "b").out())
        .contains("https://sharing.example.com/api/2.1/opensharing/activation/");
    server = ProviderServer.start(directory);
    assertThat(run("share", "list").out()).contains("shop");
  }

  @Test
  void tokensOfPrincipalsAreShownOnceOrWrittenToAFile() throws IOException {
    String shown =
        json(run("principal", "create", "ci", "--role", "viewer", "-o", "json"))
            .get("bearer_token")
            .asText();
    assertThat(run("principal", "show", "ci").out()).doesNotContain(shown, "bearer_token");
    Path file = directory.resolve("ci-token");
    ServerCommands rotated = run("token", "rotate", "ci", "--token-to", file.toString());
    String token = Files.readString(file).strip();
    assertThat(token).hasSize(43);
    assertThat(rotated.out() + rotated.err()).doesNotContain(token, "bearer_token");
    assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
    ServerCommands refused =
        ServerCommands.run(
            Map.of("DELTA_SHARING_SERVER", server.origin() + "/", "DELTA_SHARING_TOKEN", token),
            "share",
            "create",
            "x");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("This needs the role EDITOR", "403").doesNotContain(token);
    assertThat(run("principal", "update", "ci", "--role", "EDITOR").out()).contains("EDITOR");
    assertThat(run("principal", "delete", "admin", "--yes").err()).contains("is the last admin");
  }

  @Test
  void aLostTokenIsResetOnTheStore() throws IOException {
    Path file = directory.resolve("data/admin-token");
    String lost = server.adminToken();
    assertThat(run("token", "reset").err()).contains("--data DIR");
    server.close();
    Files.delete(file);
    ServerCommands reset =
        ServerCommands.run(Map.of(), "token", "reset", "--data", file.getParent().toString());
    assertThat(reset.code()).as(reset.err()).isZero();
    assertThat(reset.out().strip()).isEqualTo(file.toString());
    String token = Files.readString(file).strip();
    assertThat(token).isNotEqualTo(lost);
    assertThat(reset.out() + reset.err()).doesNotContain(token);
    assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
    server = ProviderServer.start(directory);
    assertThat(run("principal", "list").out()).contains("admin");
    assertThat(server.as(lost, "GET", "/shares", "").statusCode()).isEqualTo(401);
    assertThat(run("audit", "--operation", "adminResetPrincipalToken").out()).contains("local:");
  }

  @Test
  void deletingAsksOrNeedsYes() {
    run("share", "create", "shop");
    ServerCommands unasked = run("share", "delete", "shop");
    assertThat(unasked.code()).isEqualTo(2);
    assertThat(unasked.err()).contains("--yes");
    ServerCommands no =
        ServerCommands.run(online(), Optional.of(question -> "no"), "share", "delete", "shop");
    assertThat(no.code()).isEqualTo(1);
    assertThat(run("share", "list").out()).contains("shop");
    ServerCommands yes =
        ServerCommands.run(online(), Optional.of(question -> "y"), "share", "delete", "shop");
    assertThat(yes.code()).isZero();
    assertThat(run("share", "list").out()).doesNotContain("shop");
  }

  @Test
  void listsOfSeveralPagesAreShownWhole() throws IOException {
    for (int i = 0; i < 501; i++) {
      server.done("POST", "/shares", "{\"name\":\"s" + i + "\"}");
    }
    assertThat(json(run("share", "list", "-o", "json")).get("items")).hasSize(501);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "share",
        "share lst",
        "share list extra",
        "share show",
        "share list --nonsense=canary",
        "share list -o xml",
        "share list --token canary",
        "share list --token=canary",
        "share list --server ftp://canary",
        "share list --server http://user:canary@h",
        "share list --server http://h --data d",
        "share list --allow-location d",
        "share update s",
        "share add-table s t",
        "share add-table s t --location /x --start-version many",
        "share update s --if-version x --owner o",
        "recipient create a --token-lifetime soon",
        "recipient rotate a --grace 1w",
        "grant add s",
        "principal create p",
        "publish",
        "publish no-such-file.csv",
        "publish pom.xml --append --replace",
        "publish pom.xml README.md --name x",
        "completion a;b",
        "--config share.yaml share list",
      })
  void wrongCommandLinesEndWithOneLine(String arguments) {
    ServerCommands done = run(arguments.split(" ", -1));
    assertThat(done.code()).as(done.err()).isEqualTo(2);
    assertThat(done.out()).isEmpty();
    assertThat(done.err()).hasLineCount(1).doesNotContain("\tat ", "canary");
  }

  @Test
  void withoutAServerOrAStoreItSaysWhatToGive() throws IOException {
    assertThat(ServerCommands.run(Map.of(), "share", "list").err())
        .contains("Say where: --server URL");
    assertThat(
            ServerCommands.run(
                    Map.of("DELTA_SHARING_SERVER", server.origin().toString()), "share", "list")
                .err())
        .contains("DELTA_SHARING_TOKEN has no token");
    Path empty = Files.createDirectories(directory.resolve("empty"));
    ServerCommands none = ServerCommands.run(Map.of(), "share", "list", "--data", empty.toString());
    assertThat(none.code()).isEqualTo(1);
    assertThat(none.err()).contains("There is no store in");
    assertThat(empty).isEmptyDirectory();
    server.close();
    ServerCommands away = run("share", "list");
    assertThat(away.code()).isEqualTo(1);
    assertThat(away.err()).contains("Cannot reach " + server.origin()).hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource({
    "share,list show create update delete add-table add-schema remove",
    "recipient,list show create update delete rotate permissions",
    "grant,list add remove",
    "principal,list show create update rotate delete reset",
    "publications,list show delete snippets set-aside",
    "publish,''",
    "audit,''",
    "usage,''",
    "serve,''",
    "completion,''"
  })
  void eachCommandHasHelpWithAnExample(String group, String commands) {
    for (String command : commands.split(" ", -1)) {
      String[] args =
          Arrays.stream(new String[] {group, command, "--help"})
              .filter(text -> !text.isEmpty())
              .toArray(String[]::new);
      ServerCommands help = ServerCommands.run(Map.of(), args);
      assertThat(help.code()).isZero();
      assertThat(help.out()).contains("Usage:", group).containsPattern("Examples?[:,]");
    }
  }

  @Test
  void completionKnowsTheCommands() {
    assertThat(ServerCommands.run(Map.of(), "completion").out())
        .contains("_complete_delta-sharing", "add-table");
  }

  @Test
  void theDocumentNeedsNoSignIn() {
    var response =
        ServerClient.send(
            HttpRequest.newBuilder(URI.create(server.origin() + "/api-docs.yaml")).build());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains("openapi: \"3.1.0\"");
  }
}
