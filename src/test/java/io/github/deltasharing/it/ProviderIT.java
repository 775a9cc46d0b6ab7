/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.deltasharing.testing.PostgresServer;
import io.github.deltasharing.testing.PythonEnvironment;
import io.github.deltasharing.testing.Relay;
import io.github.deltasharing.testing.TestSpark;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The provider's side of the built server, by HTTP alone: what each step means to recipients with
 * the connector, with SQL and with a client that nobody here wrote, at once and without a restart.
 */
class ProviderIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String COLUMNS = "order_id long, amount decimal(4,2), day date, note string";
  private static final Pattern STATUS = Pattern.compile("\\b(401|403|404)\\b");
  private static final int GRACE_SECONDS = 60;

  @TempDir Path directory;
  private final List<ServerJar> servers = new ArrayList<>();
  private final Relay relay = new Relay();
  private final SparkSession spark = TestSpark.session();
  private String admin;
  private int profiles;

  @AfterEach
  void stop() {
    servers.forEach(ServerJar::close);
    relay.close();
  }

  private ServerJar start(String... options) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.addAll(List.of("--allow-location", directory.toString()));
    ServerJar server =
        ServerJar.run(directory.resolve("server-" + servers.size() + ".log"), "", arguments);
    servers.add(server);
    return server;
  }

  private static int port(ServerJar server) {
    return URI.create(server.endpoint()).getPort();
  }

  private JsonNode send(String method, String path, String type, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(relay.origin() + "/api/2.1/opensharing/provider" + path))
            .header("Authorization", "Bearer " + admin)
            .header("Content-Type", type)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(method + path + response.body()).isBetween(200, 204);
    return JSON.readTree(response.body());
  }

  private JsonNode done(String method, String path, String body) throws Exception {
    return send(method, path, "application/json", body);
  }

  private void permission(String what) throws Exception {
    String change = "{\"changes\":[{\"recipient_name\":\"acme\",\"%s\":[\"SELECT\"]}]}";
    done("PATCH", "/shares/shop/permissions", change.formatted(what));
  }

  private static HttpResponse<String> get(String url, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
    return HTTP.send(
        (headers.length == 0 ? request : request.headers(headers)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** Opens a link, and keeps the profile in a file. */
  private Path activate(String link) throws Exception {
    HttpResponse<String> profile = get(link);
    assertThat(profile.statusCode()).as(profile.body()).isEqualTo(200);
    return Files.writeString(directory.resolve("config-" + profiles++ + ".share"), profile.body());
  }

  private Path rotate(int grace) throws Exception {
    String body = "{\"existing_token_expire_in_seconds\":" + grace + "}";
    return activate(
        done("POST", "/recipients/acme/rotate-token", body).path("activation_url").asText());
  }

  private void publish(String mode, String csv, String query) throws Exception {
    send("POST", "/publications?file_name=returns.csv&mode=" + mode + query, "text/csv", csv);
  }

  private interface Client {
    /** The rows of the table, sorted; the status alone if the server refuses it. */
    List<String> read(Path profile) throws Exception;
  }

  private static List<String> texts(Dataset<Row> frame) {
    return frame.collectAsList().stream().map(row -> row.mkString("|")).sorted().toList();
  }

  private static List<String> orStatus(java.util.concurrent.Callable<Dataset<Row>> read)
      throws Exception {
    try {
      return texts(read.call());
    } catch (Exception e) {
      StringBuilder messages = new StringBuilder();
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        messages.append(cause.getMessage()).append('\n');
      }
      if (messages.indexOf("TABLE_OR_VIEW_NOT_FOUND") >= 0) {
        return List.of("404");
      }
      var status = STATUS.matcher(messages);
      if (status.find()) {
        return List.of(status.group());
      }
      throw e;
    }
  }

  private List<String> connector(Path profile) throws Exception {
    return orStatus(
        () -> spark.read().format("deltaSharing").load(profile + "#shop.sales.returns"));
  }

  private List<String> sql(Path profile) throws Exception {
    String catalog = profile.getFileName().toString().replaceAll("\\W", "_");
    spark
        .conf()
        .set("spark.sql.catalog." + catalog, "io.github.deltasharing.catalog.SharingCatalog");
    spark.conf().set("spark.sql.catalog." + catalog + ".profile", profile.toString());
    return orStatus(() -> spark.sql("SELECT * FROM " + catalog + ".shop.sales.returns"));
  }

  /** Each client, and each as often as it has ways to read. */
  private void all(List<Client> clients, Path profile, List<String> expected) throws Exception {
    for (Client client : clients) {
      assertThat(client.read(profile)).as(profile.toString()).isEqualTo(expected);
    }
  }

  @Test
  void everyClientSeesEachStepAtOnce() throws Exception {
    PythonEnvironment environment =
        PythonEnvironment.over(PythonEnvironment.of("spark-3.5"), "clients");
    String data = directory.resolve("data").toString();
    relay.to(port(start("--data", data)));
    admin = Files.readString(Path.of(data, "admin-token")).strip();
    try (PythonClient python = PythonClient.start(environment, directory.resolve("python.log"))) {
      String table = "#shop.sales.returns";
      List<Client> clients =
          List.of(
              this::connector,
              this::sql,
              profile -> python.read(profile + table, false),
              profile -> python.read(profile + table, true));
      flow(clients, data);
    }
    for (ServerJar server : servers) {
      assertThat(server.log()).doesNotContain(admin).doesNotContain("Exception");
    }
  }

  private void flow(List<Client> clients, String data) throws Exception {
    String header = "order_id,amount,day,note\n";
    String first =
        "1,9.50,2024-02-29,late\n2,0.01,2024-03-01,\n3,-1.25,1999-12-31,\"a, \"\"b\"\" ü\"\n";
    Path csv = Files.writeString(directory.resolve("returns.csv"), header + first);
    done("POST", "/shares", "{\"name\":\"shop\"}");
    publish("create", header + first, "&share=shop&schema=sales");
    String location = done("GET", "/publications/returns", "").path("storage_location").asText();
    JsonNode recipient = done("POST", "/recipients", "{\"name\":\"acme\"}");
    String link = recipient.at("/token/activation_url").asText();
    Path profile = activate(link);
    assertThat(get(link).statusCode()).isEqualTo(404);
    all(clients, profile, List.of("404"));

    permission("add");
    all(clients, profile, expected(csv, location, 3));
    for (int i = 4; i < 7; i++) {
      String more = i + ",7.00,2024-03-0" + i + ",more\n";
      Files.writeString(csv, Files.readString(csv) + more);
      publish("append", header + more, "");
    }
    List<String> rows = expected(csv, location, 6);
    all(clients, profile, rows);

    String token = JSON.readTree(Files.readString(profile)).path("bearerToken").asText();
    List<String> page = query(token, "{\"maxFiles\":1}");
    String restOfPages =
        JSON.readTree(page.get(page.size() - 1)).at("/endStreamAction/nextPageToken").asText();
    String url = JSON.readTree(page.get(2)).at("/file/url").asText();
    servers.get(0).close();
    relay.to(port(start("--data", data)));
    assertThat(get(url).statusCode()).isEqualTo(200);
    assertThat(query(token, "{\"maxFiles\":100,\"pageToken\":\"" + restOfPages + "\"}"))
        .filteredOn(line -> line.startsWith("{\"file\""))
        .hasSize(3);
    all(clients, profile, rows);

    Path second = rotate(GRACE_SECONDS);
    long end = System.nanoTime() + Duration.ofSeconds(GRACE_SECONDS).toNanos();
    all(clients, profile, rows);
    all(clients, second, rows);
    assertThat(System.nanoTime()).as("the grace is too short for this machine").isLessThan(end);
    String path = "/delta-sharing/shares";
    while (get(relay.origin() + path, "Authorization", "Bearer " + token).statusCode() == 200) {
      assertThat(System.nanoTime()).isLessThan(end + Duration.ofSeconds(10).toNanos());
    }
    all(clients, profile, List.of("401"));
    all(clients, second, rows);

    Path third = rotate(0);
    all(clients, second, List.of("401"));
    assertThat(get(url).statusCode()).isEqualTo(404);
    all(clients, third, rows);
    permission("remove");
    all(clients, third, List.of("404"));
    permission("add");
    all(clients, third, rows);
    done("DELETE", "/publications/returns", "");
    all(clients, third, List.of("404"));
    publish("create", header + first, "&name=again&share=shop&schema=sales&table=returns");
    all(clients, third, rows.subList(0, 3));
    done("DELETE", "/recipients/acme", "");
    all(clients, third, List.of("401"));
  }

  /** What Spark reads in the file, and Delta Lake in the table that was made of it. */
  private List<String> expected(Path csv, String location, int rows) {
    List<String> expected =
        texts(
            spark
                .read()
                .option("header", true)
                .option("escape", "\"")
                .schema(COLUMNS)
                .csv(csv.toString()));
    assertThat(expected).hasSize(rows);
    assertThat(texts(spark.read().format("delta").load(location))).isEqualTo(expected);
    return expected;
  }

  private List<String> query(String token, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    relay.origin()
                        + "/delta-sharing/shares/shop/schemas/sales/tables/returns/query"))
            .header("Authorization", "Bearer " + token)
            .header(
                "delta-sharing-capabilities", "responseformat=parquet;includeendstreamaction=true")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body().lines().toList();
  }

  @Test
  void aServerThatIsKilledInAPagedQueryIsMissedByNobody() throws Exception {
    PostgresServer postgres = PostgresServer.shared();
    Path password = Files.writeString(directory.resolve("password"), PostgresServer.PASSWORD);
    Path yaml =
        Files.writeString(
            directory.resolve("share.yaml"),
            "version: 1\nshares: []\ndatabase: {url: '%s', user: %s, passwordFile: '%s'}\n"
                .formatted(postgres.newDatabase(), PostgresServer.USER, password));
    String data = directory.resolve("data").toString();
    ServerJar one = start("--config", yaml.toString(), "--data", data);
    ServerJar other = start("--config", yaml.toString());
    relay.to(port(one), port(other));
    admin = Files.readString(Path.of(data, "admin-token")).strip();

    String table = directory.resolve("returns").toString();
    spark
        .range(0, 1_000, 1, 12)
        .selectExpr("id", "id * 7 AS seven")
        .write()
        .format("delta")
        .save(table);
    done("POST", "/shares", "{\"name\":\"shop\"}");
    done(
        "PATCH",
        "/shares/shop",
        "{\"updates\":[{\"action\":\"ADD\",\"data_object\":{\"name\":\"sales.returns\",\"storage_location\":\"%s\"}}]}"
            .formatted(table));
    Path profile =
        activate(
            done("POST", "/recipients", "{\"name\":\"acme\"}")
                .at("/token/activation_url")
                .asText());
    permission("add");
    List<String> expected = texts(spark.read().format("delta").load(table));
    assertThat(expected).hasSize(1_000);

    AtomicInteger pages = new AtomicInteger();
    AtomicInteger killed = new AtomicInteger();
    relay.watch(
        (port, part) -> {
          if (part.contains("/query HTTP/1.1") && pages.incrementAndGet() == 3) {
            killed.set(port);
            (port == port(one) ? one : other).kill();
          }
        });
    Dataset<Row> read =
        spark
            .read()
            .format("deltaSharing")
            .option("queryPagination.enabled", "true")
            .option("maxFilesPerQueryRequest", "2")
            .load(profile + "#shop.sales.returns");
    assertThat(texts(read)).isEqualTo(expected);
    assertThat(killed.get()).isNotZero();
    assertThat(pages.get()).isGreaterThanOrEqualTo(7);

    permission("remove");
    assertThat(connector(profile)).containsExactly("404");
    permission("add");
    assertThat(connector(profile)).isEqualTo(expected);
  }
}
