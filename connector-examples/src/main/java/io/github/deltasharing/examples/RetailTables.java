/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.examples;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/**
 * The provider's data: a small shop's {@code customers} and {@code sales_transactions} as Delta
 * tables with a history of inserts, updates and deletes. Everything is computed from row numbers,
 * so every run makes the same rows.
 */
final class RetailTables {
  static final int CUSTOMERS = 300;
  static final int SALES = 6_000;

  private final SparkSession spark;
  private final Path directory;

  /**
   * @param spark a session with Delta Lake's extension and catalog
   * @param directory where the tables go, one directory each
   */
  RetailTables(SparkSession spark, Path directory) {
    this.spark = spark;
    this.directory = directory;
  }

  Path customers() {
    return directory.resolve("customers");
  }

  Path sales() {
    return directory.resolve("sales_transactions");
  }

  void write() {
    writeCustomers();
    writeSales();
  }

  private void writeCustomers() {
    String table = "delta.`" + customers().toUri() + "`";
    sql(
        "CREATE TABLE %s USING delta AS %s",
        table,
        """
        SELECT id AS customer_id,
               concat(element_at(array('Ada', 'Ben', 'Chloe', 'Dev', 'Eva', 'Finn', 'Grace', 'Hugo'), int(id %% 8) + 1),
                      ' ',
                      element_at(array('Okafor', 'Smith', 'Nguyen', 'Rossi', 'Kaya'), int(id %% 5) + 1)) AS name,
               element_at(array('Consumer', 'Small business', 'Enterprise'), int(id * 7 %% 10 / 4) + 1) AS segment,
               element_at(array('DE', 'FR', 'JP', 'US'), int(id * 3 %% 4) + 1) AS country,
               date_add(DATE'2022-01-01', int(id * 37 %% 1200)) AS customer_since
        FROM range(1, %d)
        """
            .formatted(CUSTOMERS + 1));
    sql("UPDATE %s SET segment = 'Enterprise' WHERE customer_id %% 50 = 0", table);
    sql("DELETE FROM %s WHERE customer_id %% 97 = 0", table);
  }

  private void writeSales() {
    String table = "delta.`" + sales().toUri() + "`";
    sql(
        """
        CREATE TABLE %s (
          transaction_id BIGINT, customer_id BIGINT, product STRING, quantity INT,
          unit_price DECIMAL(10, 2), sold_at TIMESTAMP, channel STRING)
        USING delta PARTITIONED BY (channel)""",
        table);
    int batch = SALES / 3;
    for (int from = 0; from < SALES; from += batch) {
      sql(
          """
          INSERT INTO %s
          SELECT id,
                 id * 31 %% %d + 1,
                 element_at(array('Desk lamp', 'Notebook', 'Office chair', 'Monitor', 'Standing desk'), int(id %% 5) + 1),
                 int(id %% 4) + 1,
                 cast(element_at(array(24.90, 3.20, 189.00, 249.50, 499.00), int(id %% 5) + 1) AS DECIMAL(10, 2)),
                 timestampadd(MINUTE, int(id * 17), TIMESTAMP'2026-01-01 08:00:00'),
                 element_at(array('store', 'web', 'phone'), int(id * 5 %% 7 %% 3) + 1)
          FROM range(%d, %d)""",
          table, CUSTOMERS, from, from + batch);
    }
    sql("UPDATE %s SET unit_price = 219.00 WHERE product = 'Monitor' AND channel = 'web'", table);
    sql("DELETE FROM %s WHERE transaction_id %% 40 = 39", table);
  }

  private void sql(String statement, Object... arguments) {
    spark.sql(statement.formatted(arguments));
  }
}
