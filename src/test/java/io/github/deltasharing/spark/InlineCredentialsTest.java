/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.catalog.SharingCatalog;
import io.github.deltasharing.error.SharingServerException;
import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Credentials in options, in the session and in a catalog, in place of a profile's file. */
class InlineCredentialsTest {
  private static final String SESSION = "spark.datasource.deltaSharing.";

  @TempDir static Path directory;
  static TestShare share;

  @BeforeAll
  static void write() {
    TestSpark.session()
        .range(3)
        .write()
        .format("delta")
        .option("delta.enableChangeDataFeed", "true")
        .save(directory.resolve("one").toString());
    share = TestShare.withHistory(directory, List.of("one"));
  }

  @AfterAll
  static void stop() {
    share.close();
  }

  @AfterEach
  void forget() {
    SparkSession spark = TestSpark.session();
    credential().keySet().forEach(name -> spark.conf().unset(SESSION + name));
    spark.catalog().dropTempView("inline");
    spark.sql("DROP TABLE IF EXISTS inline_table");
  }

  private static Map<String, String> credential() {
    return Map.of(
        "shareCredentialsVersion",
        "1",
        "endpoint",
        share.server().uri().toString(),
        "bearerToken",
        TestShare.CANARY);
  }

  private static Dataset<Row> load(Map<String, String> options) {
    return TestSpark.session()
        .read()
        .format("deltaSharing")
        .options(options)
        .load("share.schema.one");
  }

  private static void toSession(Map<String, String> credential) {
    credential.forEach((name, value) -> TestSpark.session().conf().set(SESSION + name, value));
  }

  private static Map<String, String> with(String name, String value) {
    Map<String, String> all = new HashMap<>(credential());
    all.put(name, value);
    return all;
  }

  private static Map<String, String> without(String name) {
    Map<String, String> all = new HashMap<>(credential());
    all.remove(name);
    return all;
  }

  @Test
  void optionsOfARead() {
    Dataset<Row> rows = load(credential());
    assertThat(Rows.of(rows)).hasSize(3);
    assertThat(Rows.of(load(without("shareCredentialsVersion")))).hasSize(3);
    assertThat(Rows.of(load(with("type", "bearer_token")))).hasSize(3);
    assertThat(rows.queryExecution().toString()).doesNotContain(TestShare.CANARY);
  }

  @Test
  void aChangeFeedAndAStream() throws Exception {
    Map<String, String> feed = with("readChangeFeed", "true");
    feed.put("startingVersion", "0");
    assertThat(Rows.of(load(feed))).hasSize(3);
    TestSpark.session()
        .readStream()
        .format("deltaSharing")
        .options(credential())
        .load("share.schema.one")
        .writeStream()
        .format("memory")
        .queryName("inline")
        .trigger(Trigger.AvailableNow())
        .start()
        .awaitTermination();
    assertThat(Rows.of(TestSpark.session().table("inline"))).hasSize(3);
  }

  @Test
  void confsOfTheSession() {
    toSession(credential());
    assertThat(Rows.of(load(Map.of()))).hasSize(3);
    TestSpark.session()
        .sql("CREATE TEMPORARY VIEW inline USING deltaSharing OPTIONS (path 'share.schema.one')");
    assertThat(Rows.of(TestSpark.session().table("inline"))).hasSize(3);
    TestSpark.session()
        .sql("CREATE TABLE inline_table USING deltaSharing OPTIONS (path 'share.schema.one')");
    assertThat(Rows.of(TestSpark.session().table("inline_table"))).hasSize(3);
  }

  /** Spark takes a conf in any case for an option; so are the rules about those of a session. */
  @ParameterizedTest
  @CsvSource({"bearerToken", "bearertoken", "BEARERTOKEN"})
  void aSecretOfTheSessionIsNotSentElsewhere(String name) {
    SparkSession spark = TestSpark.session();
    spark.conf().set(SESSION + "endpoint", "https://sharing.invalid");
    spark.conf().set(SESSION + name, TestShare.CANARY);
    try {
      assertThatThrownBy(() -> load(Map.of("endpoint", share.server().uri().toString())))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'bearerToken' is that of the session's confs")
          .hasMessageNotContaining(TestShare.CANARY);
    } finally {
      spark.conf().unset(SESSION + name);
    }
    spark.conf().set(SESSION + "versionasof", "0");
    try {
      assertThatThrownBy(() -> load(credential()))
          .hasMessageContaining("The session conf 'spark.datasource.deltaSharing.versionAsOf'");
    } finally {
      spark.conf().unset(SESSION + "versionasof");
    }
  }

  @Test
  void optionsInSql() {
    TestSpark.session()
        .sql(
            "CREATE TEMPORARY VIEW inline USING deltaSharing OPTIONS (path 'share.schema.one', endpoint '"
                + share.server().uri()
                + "', bearerToken '"
                + TestShare.CANARY
                + "')");
    assertThat(Rows.of(TestSpark.session().table("inline"))).hasSize(3);
  }

  @Test
  void settingsOfACatalog() {
    SparkSession spark = TestSpark.session();
    String catalog = "inline_" + UUID.randomUUID().toString().substring(0, 8);
    String prefix = "spark.sql.catalog." + catalog;
    spark.conf().set(prefix, SharingCatalog.class.getName());
    credential().forEach((name, value) -> spark.conf().set(prefix + "." + name, value));
    // Another's in the session, which is not the catalog's.
    spark.conf().set(SESSION + "bearerToken", "other");
    assertThat(Rows.of(spark.table(catalog + ".share.schema.one"))).hasSize(3);
    assertThat(Rows.of(spark.sql("SHOW TABLES IN " + catalog + ".share.schema"))).hasSize(1);
    spark.conf().set(prefix + "x", SharingCatalog.class.getName());
    spark.conf().set(prefix + "x.endpoint", share.server().uri().toString());
    assertThatThrownBy(() -> spark.table(catalog + "x.share.schema.one"))
        .hasMessageContaining(
            "The profile given by '" + prefix + "x.*' cannot be used: it has no 'bearerToken'");
  }

  @Test
  void aProfileAndOptionsExcludeEachOther() {
    assertThatThrownBy(
            () ->
                TestSpark.session()
                    .read()
                    .format("deltaSharing")
                    .options(credential())
                    .load(share.path("one")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("exclude each other")
        .hasMessageContaining("'shareCredentialsVersion'")
        .hasMessageNotContaining(TestShare.CANARY);
    toSession(credential());
    assertThatThrownBy(() -> share.read("one"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("exclude each other")
        .hasMessageNotContaining(TestShare.CANARY);
  }

  /** The application's own confs, those of spark-submit, are no session's to change. */
  @Test
  void anAdministratorForbidsThem() {
    String conf = "spark.delta.sharing.forbidInlineCredentials";
    SparkConf submitted = SparkEnv.get().conf();
    submitted.set(conf, "true");
    TestSpark.session().conf().set(conf, "false");
    try {
      assertThatThrownBy(() -> load(credential()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("Option 'shareCredentialsVersion' is refused")
          .hasMessageContaining(conf)
          .hasMessageNotContaining(TestShare.CANARY);
      assertThatThrownBy(() -> load(with(conf, "false"))).hasMessageContaining("is refused");
      toSession(credential());
      assertThatThrownBy(() -> load(Map.of())).hasMessageContaining("is refused");
      forget();
      assertThat(Rows.of(share.read("one"))).hasSize(3);
    } finally {
      submitted.remove(conf);
      TestSpark.session().conf().unset(conf);
    }
    assertThat(Rows.of(load(credential()))).hasSize(3);
  }

  @Test
  void aPathOfTwoPartsIsNoTable() {
    assertThatThrownBy(
            () ->
                TestSpark.session()
                    .read()
                    .format("deltaSharing")
                    .options(credential())
                    .load("schema.one"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("The path 'schema.one' names no shared table")
        .hasMessageContaining("load(\"<share>.<schema>.<table>\")");
  }

  @ParameterizedTest
  @CsvSource({"endpoint", "bearerToken"})
  void aMissingFieldIsNamed(String field) {
    assertThatThrownBy(() -> load(without(field)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "The profile given by options cannot be used: it has no '" + field + "'");
  }

  @Test
  void aWrongTokenIsTheRecipientsError() {
    assertThatThrownBy(() -> load(with("bearerToken", "wrong-canary")))
        .isInstanceOf(SharingServerException.class)
        .hasMessageContaining("HTTP 401")
        .hasMessageContaining("given by options")
        .hasMessageNotContaining("canary");
  }

  @Test
  void savingSaysThatSharesAreReadOnly() {
    assertThatThrownBy(
            () ->
                TestSpark.session()
                    .range(1)
                    .withColumn("x", functions.lit(1))
                    .write()
                    .format("deltaSharing")
                    .options(credential())
                    .mode("append")
                    .save("share.schema.one"))
        .hasMessageContaining("share.schema.one")
        .hasMessageContaining("read-only");
  }
}
