/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever writes to a share is told that shares are read-only, and what to do instead. */
class ReadOnlyShareTest {
  @TempDir static Path directory;
  static TestShare share;

  @BeforeAll
  static void write() {
    rows().write().format("delta").save(directory.resolve("t").toString());
    share = TestShare.of(directory, List.of("t"));
    share.read("t").createOrReplaceTempView("shared");
  }

  @AfterAll
  static void stop() {
    TestSpark.session().catalog().dropTempView("shared");
    share.close();
  }

  private static Dataset<Row> rows() {
    return TestSpark.session().range(3).toDF();
  }

  private static void assertReadOnly(ThrowingCallable write) {
    Throwable thrown = catchThrowable(write);
    assertThat(thrown).as("it failed").isNotNull();
    while (!thrown.getMessage().contains("read-only") && thrown.getCause() != null) {
      thrown = thrown.getCause();
    }
    assertThat(thrown)
        .hasMessageContaining("share.schema.t")
        .hasMessageContaining("shares are read-only. Write to a table of your own");
  }

  @ParameterizedTest
  @EnumSource(SaveMode.class)
  void saving(SaveMode mode) {
    assertReadOnly(() -> rows().write().format("deltaSharing").mode(mode).save(share.path("t")));
    assertReadOnly(
        () ->
            rows()
                .selectExpr("id AS another", "1 AS more")
                .write()
                .format("deltaSharing")
                .mode(mode)
                .save(share.path("t")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO shared VALUES (1)",
        "INSERT INTO shared SELECT id, id FROM range(3)",
        "INSERT OVERWRITE shared VALUES (1)",
        "INSERT INTO shared (id) VALUES (1)"
      })
  void inserting(String statement) {
    assertReadOnly(() -> TestSpark.session().sql(statement));
  }

  @Test
  void insertingByName() {
    assertReadOnly(() -> rows().write().insertInto("shared"));
    assertReadOnly(() -> rows().write().mode("overwrite").insertInto("shared"));
  }

  @Test
  void streaming() {
    SparkSession spark = TestSpark.session();
    assertReadOnly(
        () ->
            spark
                .readStream()
                .format("rate")
                .load()
                .writeStream()
                .format("deltaSharing")
                .option("checkpointLocation", directory.resolve("checkpoint").toString())
                .option("path", share.path("t"))
                .start()
                .processAllAvailable());
  }

  @Test
  void deletingAndAppending() {
    assertReadOnly(() -> TestSpark.session().sql("DELETE FROM shared WHERE id = 1"));
    assertReadOnly(() -> rows().writeTo("shared").append());
  }
}
