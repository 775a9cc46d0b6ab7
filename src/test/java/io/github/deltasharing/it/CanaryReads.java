/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static io.github.deltasharing.it.CanarySecrets.CONF_CORE;
import static io.github.deltasharing.it.CanarySecrets.CORE;
import static io.github.deltasharing.it.CanarySecrets.DIRECTORY_CORE;
import static io.github.deltasharing.it.CanarySecrets.PLANTED_CORE;
import static io.github.deltasharing.it.CanarySecrets.PROXY_CORE;
import static io.github.deltasharing.it.CanarySecrets.SESSION_CORE;
import static io.github.deltasharing.it.CanarySecrets.SQL_CORE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.deltasharing.catalog.SharingCatalog;
import io.github.deltasharing.testing.TestProxy;
import io.github.deltasharing.testing.TestShare;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.Trigger;

/**
 * The application of {@link CanaryIT}: executors in JVMs of their own, every logger at TRACE,
 * Spark's UI and its event log; with a secret in every place where a user may give one. Close it
 * after use.
 */
final class CanaryReads implements AutoCloseable {
  private static final String TABLE = "sales";

  private final Path directory;
  private final TestShare share;
  private final TestShare shareOfConf;
  private final TestShare shareOfSession;
  private final TestShare shareOfSql;
  private final SparkSession spark;
  private final WatchedLog log;
  private final BroadcastCopies broadcasts = new BroadcastCopies();
  private final Map<String, String> shown = new LinkedHashMap<>();

  Path directory() {
    return directory;
  }

  TestShare share() {
    return share;
  }

  SparkSession spark() {
    return spark;
  }

  WatchedLog log() {
    return log;
  }

  /** What was thrown, and what plans and statements showed, by what it is. */
  Map<String, String> shown() {
    return shown;
  }

  /** What executors were sent by broadcast, by its name. */
  Map<String, String> broadcasts() {
    return broadcasts.copies();
  }

  /** Starts the application. */
  CanaryReads(Path directory) throws IOException {
    this.directory = directory;
    LocalCluster.write(directory.resolve(TABLE), withDeltaLake -> null);
    share = TestShare.withHistory(directory, List.of(TABLE));
    shareOfConf = otherToken("conf-" + CONF_CORE);
    shareOfSession = otherToken("session-" + SESSION_CORE);
    shareOfSql = otherToken("sql-" + SQL_CORE);
    log = new WatchedLog(CanarySecrets.ALL);
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
    spark.sparkContext().addSparkListener(broadcasts);
  }

  /** Reads in all ways, those that fail too. */
  void readAll() throws Exception {
    try (CanaryFailures failures = new CanaryFailures(this, shown)) {
      reads(failures);
      failures.provoke();
    }
    spark.sparkContext().setJobDescription("planted-" + PLANTED_CORE);
    shown.put(
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

  private TestShare otherToken(String token) throws IOException {
    Path own = Files.createDirectories(directory.resolve(token.substring(0, 3)));
    Files.createSymbolicLink(own.resolve(TABLE), directory.resolve(TABLE));
    return TestShare.withHistory(own, List.of(TABLE), config -> config.bearerToken(token));
  }

  private static Map<String, String> inline(TestShare of, String token) {
    return Map.of("endpoint", of.server().uri().toString(), "bearerToken", token);
  }

  /** A read with its credential among its options. */
  Dataset<Row> load(Map<String, String> options) {
    return spark.read().format("deltaSharing").options(options).load("share.schema." + TABLE);
  }

  /** Keeps all that plans show. */
  Dataset<Row> show(String what, Dataset<Row> rows) {
    StringBuilder all = new StringBuilder(rows.queryExecution().toString());
    for (String mode : List.of("simple", "extended", "codegen", "cost", "formatted")) {
      all.append(
          rows.queryExecution()
              .explainString(org.apache.spark.sql.execution.ExplainMode.fromString(mode)));
    }
    all.append(rows.queryExecution().logical().toJSON());
    all.append(rows.queryExecution().executedPlan().toJSON());
    shown.put(what, all.toString());
    return rows;
  }

  private void reads(CanaryFailures failures) throws Exception {
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
    throughProxy(failures);
    CanarySignIns.read(this, failures);
    fromDirectory(failures);
  }

  /** The keys of the directory's credential are secrets that executors never have. */
  private void fromDirectory(CanaryFailures failures) {
    String token = "token-" + DIRECTORY_CORE;
    try (SharedBucket bucket = new SharedBucket("directory-" + CORE, token)) {
      bucket.with(directory.resolve(TABLE));
      Map<String, String> options = inDirectory(bucket);
      assertThat(show("a directory", load(options).filter("id >= 0")).count()).isEqualTo(20_000);
      options.putAll(Map.of("readChangeFeed", "true", "startingVersion", "0"));
      assertThat(show("changes of a directory", load(options)).count()).isEqualTo(20_000);
    }
    URI echo = URI.create(failures.echo().url(""));
    try (SharedBucket bucket = new SharedBucket("directory-" + CORE, token, echo)) {
      failures.fails(
          "a directory's store that says all back", () -> load(inDirectory(bucket)).count());
    }
  }

  private static Map<String, String> inDirectory(SharedBucket bucket) {
    Map<String, String> options = CanaryFailures.of(bucket.uri(), TestShare.CANARY);
    options.put("accessMode", "dir");
    return options;
  }

  private void throughProxy(CanaryFailures failures) {
    int port = share.server().uri().getPort();
    String password = "proxy-" + PROXY_CORE;
    try (TestProxy proxy = new TestProxy(Map.of("sharing.invalid:80", port), "ada:" + password)) {
      Map<String, String> options =
          new HashMap<>(
              CanaryFailures.of(
                  "http://sharing.invalid" + share.server().uri().getPath(), TestShare.CANARY));
      options.put("proxyHost", "127.0.0.1");
      options.put("proxyPort", "" + proxy.port());
      options.put("proxyUser", "ada");
      options.put("proxyPassword", password);
      options.put("allowPlainHttp", "true");
      assertThat(show("through a proxy", load(options).filter("id >= 0")).collectAsList())
          .hasSize(20_000);
      options.put("proxyPassword", "wrong-" + PROXY_CORE);
      failures.fails("a wrong password of the proxy", () -> load(options).collectAsList());
    }
  }

  private static Map<String, String> catalog(String name, Map<String, String> settings) {
    String prefix = "spark.sql.catalog." + name;
    Map<String, String> conf = new HashMap<>(Map.of(prefix, SharingCatalog.class.getName()));
    settings.forEach((key, value) -> conf.put(prefix + "." + key, value));
    return conf;
  }

  private void statements(String what, String table) {
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
                  shown.put(
                      what + ": " + statement, spark.sql(statement).collectAsList().toString()));
      if (refused != null) {
        shown.put(what + ": " + statement, refused.toString());
      }
    }
  }

  @Override
  public void close() {
    spark.stop();
    share.close();
    shareOfConf.close();
    shareOfSession.close();
    shareOfSql.close();
    log.close();
  }
}
