/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static io.github.deltasharing.server.ServerClient.errorCode;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.testing.MovableClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files are published over HTTP alone, and recipients see each step at once. */
@Tag("unit")
class PublicationFlowTest {
  private static final String ORDERS =
      "id,amount,day\n1,9.50,2024-02-29\n2,,\n3,10.25,2024-03-01\n";
  private static final String TABLE = "retail/schemas/default/tables/orders";
  private static final long LIMIT = 1 << 20;

  @TempDir Path directory;
  private final MovableClock clock = new MovableClock();
  private ProviderServer server;
  private PublicationClient client;

  @BeforeEach
  void start() {
    server =
        ProviderServer.start(
            directory,
            clock,
            config -> config.publicationUploadBytes(LIMIT).publicationReserveBytes(0));
    client = new PublicationClient(server);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void whereRecipientsMaySeeOldVersionsWhoAddsKnowsTheLatestOne() {
    server.close();
    server =
        ProviderServer.start(
            directory,
            clock,
            config -> config.publicationReserveBytes(0).stalenessAcceptable(true));
    client = new PublicationClient(server);
    String[] append = {"file_name", "orders.csv", "mode", "append"};
    client.done(ORDERS, "file_name", "orders.csv", "share", "retail");
    for (int version = 1; version <= 3; version++) {
      assertThat(client.done(ORDERS, append).path("table_version").asInt()).isEqualTo(version);
    }
  }

  private List<String> leftovers() {
    return PublicationClient.files(directory.resolve("data/tables"));
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(gzip)) {
      out.write(bytes);
    }
    return gzip.toByteArray();
  }

  @Test
  void aCompressedFileIsInflatedWhicheverWayItSaysSo() throws Exception {
    byte[] file = gzip(ORDERS.getBytes(StandardCharsets.UTF_8));
    JsonNode made = PublicationClient.done(client.send(file, "file_name", "orders.csv.gz"));
    assertThat(made.path("name").asText()).isEqualTo("orders");
    assertThat(made.path("rows").asLong()).isEqualTo(3);
    assertThat(made.path("file_bytes").asLong()).isEqualTo(ORDERS.length());
    HttpResponse<String> encoded =
        ServerClient.send(
            HttpRequest.newBuilder(
                    URI.create(
                        server.origin()
                            + "/api/2.1/opensharing/provider/publications?file_name=b.csv"))
                .header("Authorization", "Bearer " + server.adminToken())
                .header("Content-Type", "text/csv")
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(file))
                .build());
    assertThat(PublicationClient.done(encoded).path("rows").asLong()).isEqualTo(3);
    assertThat(leftovers()).filteredOn(one -> one.startsWith(".uploads")).isEmpty();
  }

  @Test
  void badFilesLeaveNothing() throws Exception {
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(zip)) {
      out.putNextEntry(new ZipEntry("orders.csv"));
      out.write(ORDERS.getBytes(StandardCharsets.UTF_8));
    }
    String[] name = {"file_name", "orders.csv", "share", "retail"};
    assertThat(client.refused(400, zip.toByteArray(), name)).contains("ZIP");
    byte[] twice = gzip(gzip(ORDERS.getBytes(StandardCharsets.UTF_8)));
    assertThat(client.refused(400, twice, name)).contains("gzip");
    byte[] once = gzip(ORDERS.getBytes(StandardCharsets.UTF_8));
    assertThat(client.refused(400, Arrays.copyOf(once, once.length - 9), name)).contains("cut off");
    once[once.length - 7]++;
    assertThat(client.refused(400, once, name)).contains("damaged");
    assertThat(client.refused(413, gzip(new byte[(int) LIMIT + 1]), name))
        .contains("inflated")
        .contains("1,048,576 bytes");
    assertThat(client.refused(400, gzip(zip.toByteArray()), name)).contains("ZIP");
    assertThat(client.refused(400, "a,b\n1,\0\n", name)).contains("NUL");
    assertThat(client.refused(400, "", name)).contains("empty");
    assertThat(client.refused(400, "a,b,a\n1,2,3\n", name)).contains("more than one column");
    assertThat(client.refused(400, "a,b\n1,2\n3\n\"x\"y,4\n5,6,7\n", name))
        .contains("line 3: it has 1 fields instead of 2")
        .contains("line 4: there is text after a closing quote")
        .contains("line 5: it has 3 fields")
        .contains("3 lines in all")
        .contains("on_error=set_aside");
    assertThat(client.refused(400, "a\n1\nx\n", "file_name", "a.csv", "types", "{\"a\":\"long\"}"))
        .contains("line 3: field 1 is no long")
        .doesNotContain("x,");
    assertThat(client.refused(400, ORDERS, "file_name", "a.csv", "types", "{\"b\":\"long\"}"))
        .contains("'b'");
    assertThat(client.refused(400, ORDERS, "file_name", "a.csv", "types", "{\"id\":\"money\"}"))
        .contains("no type 'money'");
    assertThat(client.refused(400, ORDERS, "file_name", "a.csv", "columns", "[{}]"))
        .contains("columns has 1 columns, and the file 3");
    assertThat(
            client.refused(
                400,
                "n\u00e4me\n1\n".getBytes(StandardCharsets.ISO_8859_1),
                "file_name",
                "a.csv",
                "encoding",
                "UTF-8"))
        .contains("not valid UTF-8 from line 1");
    assertThat(client.refused(400, ORDERS)).contains("file_name");
    assertThat(client.refused(400, ORDERS, "file_name", "a.csv", "colour", "red"))
        .contains("'colour'");
    assertThat(client.refused(400, ORDERS, "file_name", "a.csv", "table", "x"))
        .contains("name the share");
    assertThat(client.refused(400, ORDERS, "file_name", "a.csv", "name", "a/b")).contains("slash");
    assertThat(
            client.refused(404, ORDERS, "file_name", "a.csv", "share", "s", "recipients", "nobody"))
        .contains("nobody");
    assertThat(leftovers()).isEmpty();
    assertThat(server.admin("GET", "/publications", "").body()).isEqualTo("{\"items\":[]}");
    assertThat(server.admin("GET", "/shares", "").body()).isEqualTo("{\"items\":[]}");
  }

  @Test
  void whatIsTooLongIsRefusedBeforeItIsSentAndWhileItComes() throws Exception {
    String head =
        "POST /api/2.1/opensharing/provider/publications?file_name=a.csv HTTP/1.1\r\n"
            + "Host: x\r\nAuthorization: Bearer "
            + server.adminToken()
            + "\r\n";
    try (Socket socket = connect()) {
      write(socket, head + "Content-Length: 3221225472\r\n\r\n");
      assertThat(response(socket)).contains(" 413 ").contains("1,048,576 bytes");
    }
    try (Socket socket = connect()) {
      write(socket, head + "Transfer-Encoding: chunked\r\n\r\n");
      String chunk = "4000\r\n" + "1234567\n".repeat(0x800) + "\r\n";
      for (int i = 0; i < 64; i++) {
        write(socket, chunk);
      }
      write(socket, "1\r\n1\r\n0\r\n\r\n");
      assertThat(response(socket)).contains(" 413 ");
    }
    assertThat(leftovers()).isEmpty();
    client.done("a\n" + "x".repeat(1000) + "\n", "file_name", "a.csv");
  }

  @Test
  void whoLeavesInTheMiddleLeavesNothing() throws Exception {
    try (Socket socket = connect()) {
      write(
          socket,
          "POST /api/2.1/opensharing/provider/publications?file_name=a.csv HTTP/1.1\r\n"
              + "Host: x\r\nAuthorization: Bearer "
              + server.adminToken()
              + "\r\nContent-Length: 100000\r\n\r\na,b\n1,2\n");
      eventually(() -> !leftovers().isEmpty());
    }
    eventually(() -> leftovers().isEmpty());
    assertThat(server.admin("GET", "/publications", "").body()).isEqualTo("{\"items\":[]}");
    client.done(ORDERS, "file_name", "a.csv");
  }

  @Test
  void ofSeveralAtOnceOneHasTheName() {
    List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      all.add(
          CompletableFuture.supplyAsync(
              () -> client.send(ORDERS, "file_name", "orders.csv", "share", "retail")));
    }
    List<HttpResponse<String>> responses = all.stream().map(CompletableFuture::join).toList();
    assertThat(responses).filteredOn(response -> response.statusCode() == 201).hasSize(1);
    assertThat(responses)
        .filteredOn(response -> response.statusCode() != 201)
        .allSatisfy(response -> assertThat(response.statusCode()).isEqualTo(409))
        .allSatisfy(
            response ->
                assertThat(errorCode(response)).isIn("INVALID_STATE", "RESOURCE_ALREADY_EXISTS"));
    assertThat(leftovers()).hasSize(2);
  }

  @Test
  void anUploadIsItsSendersAndKeptForAnHour() {
    JsonNode preview = client.done(ORDERS, "file_name", "a.csv", "validate_only", "true");
    String body = "{\"upload_id\":\"" + preview.path("upload_id").asText() + "\",\"name\":\"a\"}";
    String other =
        server
            .done("POST", "/principals", "{\"name\":\"other\",\"role\":\"EDITOR\"}")
            .path("bearer_token")
            .asText();
    assertThat(
            server
                .as(other, "POST", "/publications", body, "Content-Type", "application/json")
                .statusCode())
        .isEqualTo(404);
    assertThat(client.confirm("{\"upload_id\":\"../../admin-token\",\"name\":\"a\"}").statusCode())
        .isEqualTo(404);
    clock.forwardMillis(Duration.ofHours(2).toMillis());
    client.done(ORDERS, "file_name", "b.csv");
    assertThat(client.confirm(body).statusCode()).isEqualTo(404);
  }

  @Test
  void withoutRoomNothingIsTaken() {
    server.close();
    server =
        ProviderServer.start(
            directory, clock, config -> config.publicationReserveBytes(Long.MAX_VALUE / 2));
    client = new PublicationClient(server);
    assertThat(client.refused(507, ORDERS, "file_name", "a.csv")).contains("no room");
    assertThat(leftovers()).isEmpty();
  }

  private Socket connect() throws Exception {
    URI origin = server.origin();
    Socket socket = new Socket(origin.getHost(), origin.getPort());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static void write(Socket socket, String text) throws Exception {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }

  private static String response(Socket socket) throws Exception {
    byte[] bytes = new byte[8192];
    int length = 0;
    for (int read = 0; read >= 0 && length < bytes.length; ) {
      read = socket.getInputStream().read(bytes, length, bytes.length - length);
      length += Math.max(0, read);
      if (new String(bytes, 0, length, StandardCharsets.UTF_8).contains("}")) {
        break;
      }
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private static void eventually(java.util.function.BooleanSupplier condition) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.sleep(20);
    }
  }
}
