/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every setting and every statement of {@code docs/catalog.md} is run as it stands there. */
class CatalogDocTest {
  /** Its catalogs are its own, whatever others call theirs. */
  private static final SparkSession SPARK = TestSpark.session().newSession();

  private static final Path PAGE = Path.of("docs/catalog.md");

  @TempDir static Path directory;
  static TestShare share;

  @BeforeAll
  static void writeAndShare() throws IOException {
    String orders = "delta.`" + directory.resolve("orders") + "`";
    SPARK.sql(
        "CREATE TABLE "
            + orders
            + " (id BIGINT COMMENT 'the key', amount DECIMAL(9, 2), status STRING) USING delta"
            + " PARTITIONED BY (status) COMMENT 'All orders' TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true')");
    SPARK.sql("INSERT INTO " + orders + " VALUES (1, 1.5, 'open'), (2, 2.5, 'done')");
    SPARK.sql("UPDATE " + orders + " SET status = 'done' WHERE id = 1");
    SPARK.sql("INSERT INTO " + orders + " VALUES (3, 3.5, 'open')");
    for (int version = 0; version <= 3; version++) {
      Files.setLastModifiedTime(
          directory.resolve("orders").resolve("_delta_log/%020d.json".formatted(version)),
          FileTime.from(Instant.parse("2024-02-01T00:00:00Z").plusSeconds(3600L * version)));
    }
    share =
        TestShare.of(
            directory,
            List.of(),
            config -> {
              for (List<String> name :
                  List.of(
                      List.of("external_retail", "sales", "orders"),
                      List.of("partner.eu", "sales", "order lines"))) {
                config.table(
                    new SharedTable(
                        name.get(0),
                        name.get(1),
                        name.get(2),
                        directory.resolve("orders").toUri(),
                        "",
                        true,
                        0));
              }
            });
  }

  @AfterAll
  static void stop() {
    SPARK.sql("USE spark_catalog.default");
    SPARK.catalog().dropTempView("open_orders");
    share.close();
  }

  private static List<String> blocks(String language) throws IOException {
    Matcher block =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(PAGE));
    List<String> blocks = new ArrayList<>();
    while (block.find()) {
      blocks.add(block.group(1));
    }
    return blocks;
  }

  @Test
  void everyStatementRuns() throws IOException {
    for (String line : String.join("", blocks("properties")).split("\n")) {
      String[] setting = line.split("=", 2);
      String value = setting[1].equals("config.share") ? share.profile().toString() : setting[1];
      SPARK.conf().set(setting[0], value);
    }
    List<String> empty = new ArrayList<>();
    int statements = 0;
    for (String block : blocks("sql")) {
      for (String statement : block.split(";\\s*\n")) {
        statements++;
        if (SPARK.sql(statement.strip()).collectAsList().isEmpty()) {
          empty.add(statement.strip().split(" ")[0]);
        }
      }
    }
    assertThat(statements).isGreaterThan(25);
    // Whatever reads has found something.
    assertThat(empty).isSubsetOf("USE", "CACHE", "UNCACHE", "REFRESH", "CREATE").isNotEmpty();
  }

  @Test
  void everyColumnOfFilesIsThere() throws IOException {
    TestCatalogs.add("documented", share.profile(), java.util.Map.of());
    String page = Files.readString(PAGE);
    assertThat(TestSpark.session().table("documented.external_retail.sales.orders.files").columns())
        .allSatisfy(column -> assertThat(page).contains("`" + column + "`"));
  }
}
