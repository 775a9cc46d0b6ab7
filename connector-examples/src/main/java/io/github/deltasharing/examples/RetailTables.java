/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.spark.sql.SparkSession;

/**
 * The provider's data: {@code customers} and a year of {@code orders} of a small shop, as Delta
 * tables with a history of inserts, updates and deletes, and with change data. Everything is
 * computed from row numbers and their hashes, and commits have times of that year, so every run
 * makes the same tables.
 */
public final class RetailTables {
  static final int CUSTOMERS = 400;

  /** Each is an INSERT, and a version of {@code orders}. */
  private static final int QUARTERS = 4;

  /** When the versions were committed, from 0 on: examples travel in time. */
  private static final List<String> CUSTOMERS_COMMITTED =
      List.of("2025-01-01T08:00:00Z", "2025-07-01T08:00:00Z", "2026-01-01T08:00:00Z");

  private static final List<String> ORDERS_COMMITTED =
      List.of(
          "2025-01-01T08:00:00Z",
          "2025-04-01T08:00:00Z",
          "2025-07-01T08:00:00Z",
          "2025-10-01T08:00:00Z",
          "2026-01-01T08:00:00Z",
          "2026-01-15T08:00:00Z",
          "2026-02-01T08:00:00Z");

  private static final String RECORDS_CHANGES = "TBLPROPERTIES (delta.enableChangeDataFeed = true)";

  private static final Pattern DRAW = Pattern.compile("draw\\((\\w+), (\\d+), (\\d+)\\)");

  private final SparkSession spark;
  private final Path directory;

  /**
   * @param spark a session with Delta Lake's extension and catalog
   * @param directory where the tables go, one directory each
   */
  public RetailTables(SparkSession spark, Path directory) {
    this.spark = spark;
    this.directory = directory;
  }

  /** The directory of the table {@code customers}. */
  public Path customers() {
    return directory.resolve("customers");
  }

  /** The directory of the table {@code orders}. */
  public Path orders() {
    return directory.resolve("orders");
  }

  /** Writes both tables. */
  public void write() {
    writeCustomers();
    setCommitTimes(customers(), CUSTOMERS_COMMITTED);
    writeOrders();
    setCommitTimes(orders(), ORDERS_COMMITTED);
  }

  /** A version's time is that of its file in the log. */
  private static void setCommitTimes(Path table, List<String> times) {
    try {
      for (int version = 0; version < times.size(); version++) {
        Files.setLastModifiedTime(
            table.resolve("_delta_log").resolve("%020d.json".formatted(version)),
            FileTime.from(Instant.parse(times.get(version))));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Versions: 0 all customers, 1 some become enterprises, 2 some leave. */
  private void writeCustomers() {
    String table = "delta.`" + customers().toUri() + "`";
    sql(
        """
        CREATE TABLE %s USING delta %s AS
        SELECT customer_id, name, segment, age, country,
               CASE WHEN country IN ('US', 'CA') THEN 'Americas'
                    WHEN country IN ('DE', 'FR', 'GB') THEN 'Europe'
                    ELSE 'Asia Pacific' END AS region,
               customer_since
        FROM (
          SELECT id AS customer_id,
                 concat(element_at(array('Ada', 'Ben', 'Chloe', 'Dev', 'Eva', 'Finn', 'Grace', 'Hugo', 'Ines', 'Jon',
                                         'Kira', 'Liam', 'Mina', 'Noah', 'Olga', 'Paul', 'Rosa', 'Sam', 'Tara', 'Yuki'),
                                   int(id %% 20) + 1),
                        ' ',
                        element_at(array('Okafor', 'Smith', 'Nguyen', 'Rossi', 'Kaya', 'Silva', 'Tanaka', 'Weber', 'Moreau', 'Patel',
                                         'Jensen', 'Novak', 'Garcia', 'Brown', 'Haddad', 'Lopez', 'Ito', 'Clark', 'Meyer', 'Dubois'),
                                   int((id + id div 20) %% 20) + 1)) AS name,
                 element_at(array('Consumer', 'Consumer', 'Consumer', 'Small business', 'Small business', 'Enterprise'),
                            draw(id, 1, 6) + 1) AS segment,
                 18 + draw(id, 2, 20) + draw(id, 3, 20) + draw(id, 4, 20) AS age,
                 element_at(array('US', 'US', 'US', 'DE', 'DE', 'FR', 'GB', 'JP', 'JP', 'IN', 'CA', 'AU'),
                            draw(id, 5, 12) + 1) AS country,
                 date_add(DATE'2020-01-01', draw(id, 6, 1800)) AS customer_since
          FROM range(1, %d))""",
        table, RECORDS_CHANGES, CUSTOMERS + 1);
    sql("UPDATE %s SET segment = 'Enterprise' WHERE customer_id %% 50 = 0", table);
    sql("DELETE FROM %s WHERE customer_id %% 97 = 0", table);
  }

  /** Versions: 0 empty, 1 to 4 the quarters of 2025, 5 a lower price, 6 less cancelled orders. */
  private void writeOrders() {
    String table = "delta.`" + orders().toUri() + "`";
    sql(
        """
        CREATE TABLE %s (
          order_id BIGINT, customer_id BIGINT, product STRING, category STRING, quantity INT,
          unit_price DECIMAL(10, 2), ordered_at TIMESTAMP, channel STRING)
        USING delta PARTITIONED BY (channel) %s""",
        table, RECORDS_CHANGES);
    for (int quarter = 1; quarter <= QUARTERS; quarter++) {
      insertOrders(table, quarter);
    }
    sql("UPDATE %s SET unit_price = 219.00 WHERE product = 'Monitor' AND channel = 'web'", table);
    sql("DELETE FROM %s WHERE order_id %% 40 = 39", table);
  }

  /**
   * More orders on workdays, before Christmas and from month to month; a few customers order often;
   * larger customers order more of a thing, and everybody fewer of an expensive one.
   */
  private void insertOrders(String table, int quarter) {
    sql(
        """
        INSERT INTO %s
        WITH days AS (
          SELECT dayofyear(day) AS day_number, timestamp(day) AS day,
                 int(15 * (1 + dayofyear(day) / 1460)
                     * element_at(array(0.8, 0.8, 0.95, 1.0, 1.05, 1.0, 0.85, 0.8, 1.05, 1.1, 1.45, 1.6), month(day))
                     * IF(dayofweek(day) IN (1, 7), 0.6, 1.1)
                     * (0.85 + draw(id, 1, 30) / 100)) AS number_of_orders
          FROM (SELECT id, date_add(DATE'2025-01-01', int(id)) AS day FROM range(365))
          WHERE quarter(day) = %d),
        numbered AS (
          SELECT bigint(day_number * 100 + number) AS order_id, day
          FROM (SELECT *, explode(sequence(1, number_of_orders)) AS number FROM days)),
        drawn AS (
          SELECT order_id,
                 timestampadd(MINUTE, 480 + draw(order_id, 2, 390) + draw(order_id, 3, 390), day) AS ordered_at,
                 bigint(draw(order_id, 4, 1000) * draw(order_id, 5, 1000) * %d div 1000000 + 1) AS customer_id,
                 draw(order_id, 6, 8) AS product_number,
                 element_at(array(1.0, 1.0, 1.0, 0.95, 0.9, 0.8), draw(order_id, 7, 6) + 1) AS paid,
                 element_at(array('web', 'web', 'web', 'store', 'store', 'phone'), draw(order_id, 8, 6) + 1) AS channel
          FROM numbered),
        products AS (
          SELECT * FROM VALUES
            (0, 'Notebook', 'Stationery', 6.40, 24),
            (1, 'Fountain pen', 'Stationery', 34.50, 12),
            (2, 'Desk lamp', 'Lighting', 44.90, 8),
            (3, 'Floor lamp', 'Lighting', 119.00, 5),
            (4, 'Monitor', 'Electronics', 249.50, 4),
            (5, 'Headset', 'Electronics', 89.00, 6),
            (6, 'Office chair', 'Furniture', 189.00, 4),
            (7, 'Standing desk', 'Furniture', 499.00, 3)
          AS products (product_number, product, category, price, most))
        SELECT /*+ COALESCE(1) */ order_id, customer_id, product, category,
               int(most * element_at(array(2, 2, 2, 3, 3, 8), draw(customer_id, 1, 6) + 1)
                   * draw(order_id, 9, 100) * draw(order_id, 10, 100) div 20000) + 1,
               cast(price * paid AS DECIMAL(10, 2)), ordered_at, channel
        FROM drawn JOIN products USING (product_number)""",
        table, quarter, CUSTOMERS);
  }

  /**
   * Runs a statement. {@code draw(id, n, range)} in it is the nth number that an id draws, from 0
   * to below the range and always the same.
   */
  private void sql(String statement, Object... arguments) {
    spark.sql(
        DRAW.matcher(statement.formatted(arguments)).replaceAll("int(pmod(xxhash64($1, $2), $3))"));
  }
}
