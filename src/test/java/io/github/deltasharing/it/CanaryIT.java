/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.deltasharing.catalog.SharingCatalog;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubRequest;
import io.github.deltasharing.testing.StubServer;
import io.github.deltasharing.testing.TestProxy;
import io.github.deltasharing.testing.TestShare;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where secrets are: on the driver, and nowhere else. Reads of all kinds, and failures that quote
 * the secrets back, on executors in JVMs of their own, with every logger at TRACE, Spark's UI and
 * its event log; then all that they left behind is searched, and so is what was planted there, to
 * show that the search would find it.
 */
class CanaryIT {
  private static final String TABLE = "sales";

  /**
   * Within every secret that a user gives to the connector: a profile's, or an option's of a read.
   */
  private static final String CORE = TestShare.CANARY.substring("canary-".length());

  private static final SecretSearch SECRET = new SecretSearch(CORE);

  /**
   * Within secrets in Spark's configuration, a catalog's or the session's: Spark itself sends its
   * whole configuration to executors.
   */
  private static final String CONF_CORE = UUID.randomUUID().toString();

  private static final SecretSearch OF_CONF = new SecretSearch(CONF_CORE);

  /**
   * Within secrets that are set in the running session: of those Spark writes the confs of each job
   * into its event log as they are.
   */
  private static final String SESSION_CORE = UUID.randomUUID().toString();

  private static final SecretSearch OF_SESSION = new SecretSearch(SESSION_CORE);

  /** Within the proxy's password, which executors use as well. */
  private static final String PROXY_CORE = UUID.randomUUID().toString();

  private static final SecretSearch OF_PROXY = new SecretSearch(PROXY_CORE);

  /** Within secrets in the text of a statement, which Spark's own parser logs. */
  private static final String SQL_CORE = UUID.randomUUID().toString();

  private static final SecretSearch OF_SQL = new SecretSearch(SQL_CORE);

  /** What every place has, if the search of that place works. */
  private static final String PLANTED_CORE = UUID.randomUUID().toString();

  private static final SecretSearch PLANTED = new SecretSearch(PLANTED_CORE);
  private static final SecretSearch SIGNATURE = new SecretSearch("signature=");

  private static final Pattern NETWORK_DUMP = Pattern.compile("(?m)^\\|[0-9a-f]{8}\\|.*$");

  @TempDir static Path directory;
  static TestShare share;
  static TestShare shareOfConf;
  static TestShare shareOfSession;
  static TestShare shareOfSql;
  static SparkSession spark;
  static WatchedLog log;
  static final StubServer ECHO = new StubServer().onAnything(CanaryIT::echo);

  /** What was thrown, and what plans and statements showed, by what it is. */
  static final Map<String, String> SHOWN = new LinkedHashMap<>();

  /** Copies broadcasts while they are there: those of tasks are gone after their stage. */
  private static final class BroadcastCopies extends SparkListener {
    @Override
    public void onTaskStart(SparkListenerTaskStart start) {
      BlockManager blocks = SparkEnv.get().blockManager();
      scala.collection.Iterator<BlockId> ids =
          blocks.getMatchingBlockIds(BlockId::isBroadcast).iterator();
      while (ids.hasNext()) {
        BlockId id = ids.next();
        if (id.name().contains("_piece") && !BROADCASTS.containsKey(id.name())) {
          blocks
              .getLocalBytes(id)
              .foreach(
                  block -> {
                    ByteBuffer buffer = block.toByteBuffer();
                    byte[] bytes = new byte[buffer.remaining()];
                    buffer.get(bytes);
                    blocks.releaseLock(id, scala.Option.empty());
                    return BROADCASTS.put(
                        id.name(), new String(bytes, StandardCharsets.ISO_8859_1));
                  });
        }
      }
    }
  }

  static final Map<String, String> BROADCASTS = new ConcurrentHashMap<>();

  @BeforeAll
  @Timeout(600)
  static void readAll() throws Exception {
    LocalCluster.write(directory.resolve(TABLE), withDeltaLake -> null);
    share = TestShare.withHistory(directory, List.of(TABLE));
    shareOfConf = otherToken("conf-" + CONF_CORE);
    shareOfSession = otherToken("session-" + SESSION_CORE);
    shareOfSql = otherToken("sql-" + SQL_CORE);
    log =
        new WatchedLog(List.of(SECRET, OF_CONF, OF_SESSION, OF_PROXY, OF_SQL, PLANTED, SIGNATURE));
    Path traced = Files.writeString(directory.resolve("log4j2.properties"), TRACED);
    Files.createDirectories(directory.resolve("events"));
    Map<String, String> conf =
        new HashMap<>(
            Map.of(
                "spark.ui.enabled", "true",
                "spark.ui.port", "0",
                // So that what tasks are made of can be searched.
                "spark.broadcast.compress", "false",
                "spark.executor.extraJavaOptions", "-Dlog4j2.configurationFile=" + traced,
                "spark.hadoop.test.control", "planted-" + PLANTED_CORE,
                "spark.eventLog.enabled", "true",
                "spark.eventLog.dir", directory.resolve("events").toUri().toString()));
    conf.putAll(catalog("profiles", Map.of("profile", share.profile().toString())));
    conf.putAll(catalog("confs", inline(shareOfConf, "conf-" + CONF_CORE)));
    spark = LocalCluster.start(conf);
    org.apache.logging.log4j.LogManager.getLogger("planted").trace("planted-{}", PLANTED_CORE);
    spark.sparkContext().addSparkListener(new BroadcastCopies());
    reads();
    failures();
    spark.sparkContext().setJobDescription("planted-" + PLANTED_CORE);
    SHOWN.put(
        "planted",
        spark.range(1).selectExpr("id AS `" + PLANTED_CORE + "`").queryExecution().toString());
    spark.range(1).selectExpr("'" + PLANTED_CORE + "'").collectAsList();
  }

  private static final String TRACED =
      """
      appender.console.type = Console
      appender.console.name = console
      appender.console.target = SYSTEM_ERR
      appender.console.layout.type = PatternLayout
      appender.console.layout.pattern = %p %c: %m%n%throwable
      rootLogger.level = trace
      rootLogger.appenderRef.console.ref = console
      """;

  private static TestShare otherToken(String token) throws IOException {
    Path own = Files.createDirectories(directory.resolve(token.substring(0, 3)));
    Files.createSymbolicLink(own.resolve(TABLE), directory.resolve(TABLE));
    return TestShare.withHistory(own, List.of(TABLE), config -> config.bearerToken(token));
  }

  private static Map<String, String> inline(TestShare of, String token) {
    return Map.of("endpoint", of.server().uri().toString(), "bearerToken", token);
  }

  private static Dataset<Row> load(Map<String, String> options) {
    return spark.read().format("deltaSharing").options(options).load("share.schema." + TABLE);
  }

  private static Dataset<Row> show(String what, Dataset<Row> rows) {
    StringBuilder all = new StringBuilder(rows.queryExecution().toString());
    for (String mode : List.of("simple", "extended", "codegen", "cost", "formatted")) {
      all.append(
          rows.queryExecution()
              .explainString(org.apache.spark.sql.execution.ExplainMode.fromString(mode)));
    }
    all.append(rows.queryExecution().logical().toJSON());
    all.append(rows.queryExecution().executedPlan().toJSON());
    SHOWN.put(what, all.toString());
    return rows;
  }

  private static void reads() throws Exception {
    Dataset<Row> read = spark.read().format("deltaSharing").load(share.path(TABLE));
    assertThat(show("join", read.join(read.groupBy("p").count(), "p")).count()).isEqualTo(20_000);
    Map<String, String> inline = inline(share, TestShare.CANARY);
    Dataset<Row> given = show("options of a read", load(inline).filter("id < 1000"));
    assertThat(given.count()).isEqualTo(1_000);
    assertThat(given.cache().count()).isEqualTo(1_000);
    Map<String, String> changes = new HashMap<>(inline);
    changes.putAll(Map.of("readChangeFeed", "true", "startingVersion", "0"));
    assertThat(show("changes", load(changes)).count()).isEqualTo(20_000);
    for (boolean ofProfile : new boolean[] {true, false}) {
      spark
          .readStream()
          .format("deltaSharing")
          .options(ofProfile ? Map.of() : inline)
          .load(ofProfile ? share.path(TABLE) : "share.schema." + TABLE)
          .writeStream()
          // Other sinks send executors all of the session's confs themselves.
          .format("noop")
          .queryName("stream" + ofProfile)
          .option("checkpointLocation", directory.resolve("checkpoint" + ofProfile).toString())
          .trigger(Trigger.AvailableNow())
          .start()
          .awaitTermination();
    }
    Files.writeString(directory.resolve("checkpointtrue/planted"), PLANTED_CORE);
    for (String catalog : List.of("profiles", "confs")) {
      String table = catalog + ".share.schema." + TABLE;
      assertThat(show(catalog, spark.table(table)).count()).isEqualTo(20_000);
      assertThat(spark.table(table + ".files").count()).isPositive();
      statements(catalog, table);
    }
    inline(shareOfSession, "session-" + SESSION_CORE)
        .forEach((name, value) -> spark.conf().set("spark.datasource.deltaSharing." + name, value));
    assertThat(show("confs of the session", load(Map.of())).count()).isEqualTo(20_000);
    inline.keySet().forEach(name -> spark.conf().unset("spark.datasource.deltaSharing." + name));
    spark.sql(
        "CREATE TABLE stored USING deltaSharing OPTIONS (path 'share.schema.sales', endpoint '"
            + shareOfSql.server().uri()
            + "', bearerToken 'sql-"
            + SQL_CORE
            + "')");
    assertThat(show("a statement's options", spark.table("stored")).count()).isEqualTo(20_000);
    statements("stored", "stored");
    throughProxy();
  }

  private static void throughProxy() {
    int port = share.server().uri().getPort();
    String password = "proxy-" + PROXY_CORE;
    try (TestProxy proxy = new TestProxy(Map.of("sharing.invalid:80", port), "ada:" + password)) {
      Map<String, String> options =
          new HashMap<>(
              of("http://sharing.invalid" + share.server().uri().getPath(), TestShare.CANARY));
      options.put("proxyHost", "127.0.0.1");
      options.put("proxyPort", "" + proxy.port());
      options.put("proxyUser", "ada");
      options.put("proxyPassword", password);
      options.put("allowPlainHttp", "true");
      assertThat(show("through a proxy", load(options).filter("id >= 0")).collectAsList())
          .hasSize(20_000);
      options.put("proxyPassword", "wrong-" + PROXY_CORE);
      fails("a wrong password of the proxy", () -> load(options).collectAsList());
    }
  }

  private static Map<String, String> catalog(String name, Map<String, String> settings) {
    String prefix = "spark.sql.catalog." + name;
    Map<String, String> conf = new HashMap<>(Map.of(prefix, SharingCatalog.class.getName()));
    settings.forEach((key, value) -> conf.put(prefix + "." + key, value));
    return conf;
  }

  private static void statements(String what, String table) {
    for (String statement :
        List.of(
            "DESCRIBE TABLE EXTENDED " + table,
            "SHOW CREATE TABLE " + table,
            "SHOW TBLPROPERTIES " + table,
            "EXPLAIN EXTENDED SELECT * FROM " + table,
            "EXPLAIN FORMATTED SELECT count(*) FROM " + table)) {
      Throwable refused =
          catchThrowable(
              () ->
                  SHOWN.put(
                      what + ": " + statement, spark.sql(statement).collectAsList().toString()));
      if (refused != null) {
        SHOWN.put(what + ": " + statement, refused.toString());
      }
    }
  }

  /** Says everything back that it was sent, in all forms. */
  private static StubAnswer echo(StubRequest request) {
    String said = request.target() + " " + request.headers();
    String all =
        said
            + " "
            + URLEncoder.encode(said, StandardCharsets.UTF_8)
            + " "
            + Base64.getEncoder().encodeToString(said.getBytes(StandardCharsets.UTF_8))
            + " "
            + request.headers().values().stream()
                .map(v -> v.replace("Bearer ", "").getBytes(StandardCharsets.UTF_8))
                .map(Base64.getEncoder()::encodeToString)
                .toList();
    int status = request.target().contains("/bad/") ? 400 : 503;
    return StubAnswer.error(status, "ECHO " + said, all)
        .withHeader("X-Request-Id", said.replaceAll("\\s", "_"));
  }

  private static void failures() throws IOException {
    String good = share.server().uri().toString();
    Map<String, Map<String, String>> all = new LinkedHashMap<>();
    all.put("a wrong token", Map.of("endpoint", good, "bearerToken", "wrong-" + CORE));
    all.put("no endpoint", Map.of("bearerToken", "wrong-" + CORE));
    all.put("an endpoint that says all back", of(ECHO.url("/echo"), "echoed-" + CORE));
    all.put("one that refuses", of(ECHO.url("/bad"), "echoed-" + CORE));
    all.put("an endpoint without TLS", of("http://192.0.2.1/x", "plain-" + CORE));
    all.put("an endpoint that is none", of("http://" + CORE + ":x/y?" + CORE, "plain-" + CORE));
    all.put("a user in the endpoint", of("https://user:pw-" + CORE + "@h/", "plain-" + CORE));
    all.put("a token that no header may have", of(good, "line\u0001" + CORE));
    all.put("a proxy that says all back", of("http://sharing.invalid/x", "proxied-" + CORE));
    all.put("a type that is none", of(good, "typed-" + CORE));
    all.get("a type that is none").put("type", "none");
    all.get("a proxy that says all back")
        .putAll(
            Map.of(
                "allowPlainHttp", "true",
                "proxyHost", "127.0.0.1",
                "proxyPort", "" + ECHO.port()));
    all.forEach((what, options) -> fails(what, () -> load(options).collectAsList()));
    Path profile = directory.resolve("broken.share");
    for (String json :
        List.of(
            "{\"shareCredentialsVersion\":1,\"bearerToken\":\"" + CORE,
            "{\"shareCredentialsVersion\":1,\"bearerToken\":\"" + CORE + "\" \"" + CORE + "\"}",
            "{\"shareCredentialsVersion\":\"" + CORE + "\"}",
            "{\"shareCredentialsVersion\":2,\"type\":\"x\",\"clientSecret\":\"" + CORE + "\"}",
            CORE)) {
      Files.writeString(profile, json);
      fails(
          "profile " + json.replace(CORE, "…"),
          () -> spark.read().format("deltaSharing").load(profile + "#share.schema.t").count());
    }
    fails(
        "another table",
        () ->
            spark.read().format("deltaSharing").load(share.profile() + "#share.schema.t").count());
    // Read by executors, whose URLs lead to what says them back.
    StubServer liar = new StubServer();
    try (liar) {
      liar.onAnything(CanaryIT::behind);
      fails(
          "a store that says all back",
          () -> load(of(liar.url("/x"), TestShare.CANARY)).collectAsList());
    }
  }

  /** The answers of the share, but that data files are elsewhere. */
  private static StubAnswer behind(StubRequest request) {
    String target = request.target().replaceFirst("^/x", "");
    HttpRequest.Builder sent =
        HttpRequest.newBuilder(URI.create(share.server().uri() + target))
            .method(request.method(), HttpRequest.BodyPublishers.ofString(request.body()));
    request
        .headers()
        .forEach(
            (name, value) -> {
              if (name.toLowerCase(java.util.Locale.ROOT)
                  .matches("authorization|content-type|delta-.*")) {
                sent.header(name, value);
              }
            });
    try {
      HttpResponse<String> response =
          HttpClient.newHttpClient().send(sent.build(), HttpResponse.BodyHandlers.ofString());
      String body =
          response
              .body()
              .replace("http://" + share.server().uri().getAuthority(), ECHO.url("/bad"));
      return StubAnswer.status(response.statusCode())
          .withBody(body)
          .withHeader("Content-Type", "application/x-ndjson")
          .withHeader(
              "Delta-Table-Version",
              response.headers().firstValue("Delta-Table-Version").orElse("0"))
          .withHeader(
              "delta-sharing-capabilities",
              response.headers().firstValue("delta-sharing-capabilities").orElse(""));
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, String> of(String endpoint, String token) {
    return new HashMap<>(
        Map.of(
            "endpoint",
            endpoint,
            "bearerToken",
            token,
            "numRetries",
            "1",
            "retrySleepInterval",
            "1ms"));
  }

  private static void fails(
      String what, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    Throwable thrown = catchThrowable(call);
    assertThat(thrown).as(what).isNotNull();
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace));
    SHOWN.put(what, trace.toString());
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.stop();
    }
    for (TestShare each : new TestShare[] {share, shareOfConf, shareOfSession, shareOfSql}) {
      if (each != null) {
        each.close();
      }
    }
    ECHO.close();
    if (log != null) {
      log.close();
    }
  }

  private static void assertClean(String place, Map<String, String> texts, SecretSearch... more) {
    StringBuilder all = new StringBuilder();
    texts.forEach(
        (name, whole) -> {
          String text = whole.replace("signature=***", "");
          all.append(text);
          assertThat(SECRET.in(text)).as(place + ": " + name + ": " + around(text, CORE)).isEmpty();
          for (SecretSearch search : more) {
            assertThat(search.in(text))
                .as(place + ": " + name + ": " + around(text, search.text()))
                .isEmpty();
          }
        });
    assertThat(PLANTED.in(all.toString())).as(place + " is searched").containsKey("plain");
  }

  private static String around(String text, String what) {
    int at = text.indexOf(what);
    return at < 0 ? "" : text.substring(Math.max(0, at - 200), Math.min(text.length(), at + 50));
  }

  @Test
  void plansStatementsAndErrors() {
    assertThat(SHOWN).hasSizeGreaterThan(30);
    assertThat(SHOWN.get("a store that says all back")).contains("HTTP 400");
    assertThat(SHOWN.get("an endpoint that says all back")).contains("HTTP 503");
    assertClean("shown", SHOWN, OF_CONF, OF_SESSION, OF_PROXY, OF_SQL, SIGNATURE);
  }

  @Test
  void theDriversLog() {
    assertThat(log.events()).isGreaterThan(10_000);
    assertThat(log.found(PLANTED)).isNotEmpty();
    assertThat(log.found(SECRET)).isEmpty();
    assertThat(log.found(OF_CONF))
        .as("Spark's own, of its configuration")
        .allMatch(line -> line.startsWith("DEBUG org.apache.spark.sql.internal.SharedState "));
    assertThat(log.found(OF_SESSION)).isEmpty();
    assertThat(log.found(OF_PROXY)).isEmpty();
    assertThat(log.found(SIGNATURE)).isEmpty();
    assertThat(log.found(OF_SQL))
        .as("Spark's own, of the statement")
        .allMatch(line -> line.matches("(?s)(DEBUG|TRACE) org\\.apache\\.spark\\.sql\\..*"));
  }

  @Test
  @Timeout(120)
  void executorsHeapsAndLogs() throws Exception {
    List<String> found =
        spark
            .createDataset(List.of(1, 2, 3, 4), Encoders.INT())
            .repartition(4)
            .mapPartitions(
                new ExecutorTasks.HeapScan(directory.toString(), SECRET, PLANTED),
                Encoders.STRING())
            .collectAsList();
    assertThat(new TreeSet<>(found))
        .containsExactly(
            "executor 0: secret {}, control found", "executor 1: secret {}, control found");
    Path work = LocalCluster.home().resolve("work").resolve(spark.sparkContext().applicationId());
    Map<String, String> logs = new LinkedHashMap<>();
    for (Path file : files(work)) {
      if (file.endsWith("stderr") || file.endsWith("stdout")) {
        // At TRACE Spark dumps what it receives, tasks with their URLs among it.
        logs.put(
            file.toString(),
            NETWORK_DUMP
                .matcher(Files.readString(file, StandardCharsets.ISO_8859_1))
                .replaceAll(""));
      }
    }
    assertThat(logs).hasSize(4);
    assertThat(String.join("", logs.values()))
        .contains("TRACE ")
        .contains("io.github.deltasharing");
    logs.put("planted", PLANTED_CORE);
    assertClean("executors' logs", logs, OF_CONF, OF_SESSION, OF_PROXY, OF_SQL, SIGNATURE);
  }

  private static List<Path> files(Path below) throws IOException {
    try (Stream<Path> files = Files.walk(below)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void eventLogAndCheckpoints() throws IOException {
    for (String place : List.of("events", "checkpointtrue", "checkpointfalse")) {
      Map<String, String> texts = new LinkedHashMap<>();
      for (Path file : files(directory.resolve(place))) {
        texts.put(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
      }
      assertThat(texts).isNotEmpty();
      if (place.equals("checkpointfalse")) {
        texts.put("planted", PLANTED_CORE);
      }
      assertClean(place, texts, OF_CONF, OF_PROXY, OF_SQL, SIGNATURE);
    }
  }

  /** What tasks are made of, as it lies on the driver for executors to fetch. */
  @Test
  void broadcasts() {
    assertThat(BROADCASTS).hasSizeGreaterThan(20);
    assertThat(String.join("", BROADCASTS.values())).contains("SharingReaderFactory");
    assertClean("broadcasts", BROADCASTS, OF_CONF, OF_SESSION, OF_SQL);
  }

  @Test
  void pagesOfTheUi() throws Exception {
    String ui = spark.sparkContext().uiWebUrl().get();
    String api = "/api/v1/applications/" + spark.sparkContext().applicationId();
    List<String> paths =
        new ArrayList<>(
            List.of(
                "/jobs/",
                "/stages/",
                "/storage/",
                "/environment/",
                "/executors/",
                "/SQL/",
                "/StreamingQuery/",
                api + "/jobs",
                api + "/stages?details=true",
                api + "/environment",
                api + "/sql?details=true&planDescription=true&length=1000",
                api + "/executors",
                api + "/storage/rdd"));
    int executions = (int) spark.sharedState().statusStore().executionsCount();
    assertThat(executions).isGreaterThan(15);
    for (int i = 0; i < executions; i++) {
      paths.add("/SQL/execution/?id=" + i);
    }
    HttpClient http = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
    Map<String, String> pages = new LinkedHashMap<>();
    for (String path : paths) {
      HttpResponse<String> page =
          http.send(
              HttpRequest.newBuilder(URI.create(ui + path)).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(page.statusCode()).as(path).isEqualTo(200);
      pages.put(path, page.body());
    }
    assertClean("UI", pages, OF_CONF, OF_SESSION, OF_PROXY, OF_SQL, SIGNATURE);
  }
}
