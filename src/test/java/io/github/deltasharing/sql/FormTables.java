/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.sql;

import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** The Delta tables that the SQL files are about: small, with a history, some of each feature. */
final class FormTables {
  static final List<String> NAMES =
      List.of("orders", "customers", "days", "nested", "deleted", "odd");

  private FormTables() {}

  static void write(Path directory) {
    for (String statement : STATEMENTS.split(";")) {
      SparkSession spark = TestSpark.session();
      String sql = statement;
      for (String name : NAMES) {
        sql = sql.replace("{" + name + "}", "delta.`" + directory.resolve(name) + "`");
      }
      spark.sql(sql);
    }
  }

  private static final String STATEMENTS =
      """
      CREATE TABLE {orders} (id BIGINT, customer INT, amount DECIMAL(9, 2), status STRING, note STRING, at TIMESTAMP, day DATE)
        USING delta PARTITIONED BY (day) TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true');
      INSERT INTO {orders} SELECT id, CAST(id % 5 AS INT), CAST(id * 3.17 AS DECIMAL(9, 2)),
        element_at(array('open', 'paid', 'lost'), CAST(id % 3 + 1 AS INT)), IF(id % 4 = 0, NULL, concat('note ', id)),
        timestampadd(HOUR, CAST(id AS INT), TIMESTAMP'2024-01-01 00:00:00'),
        date_add(DATE'2024-01-01', CAST(id / 15 AS INT)) FROM range(0, 40, 1, 1);
      INSERT INTO {orders} SELECT id, CAST(id % 5 AS INT), CAST(id * 2.5 AS DECIMAL(9, 2)), 'open', NULL,
        timestampadd(HOUR, CAST(id AS INT), TIMESTAMP'2024-01-01 00:00:00'), IF(id % 10 = 0, NULL, DATE'2024-01-05')
        FROM range(40, 60, 1, 1);
      UPDATE {orders} SET amount = amount + 1000 WHERE id % 10 = 6;
      DELETE FROM {orders} WHERE id % 20 = 19;
      CREATE TABLE {customers} USING delta AS SELECT CAST(id AS INT) AS id, concat('customer ', id) AS name FROM range(0, 7, 1, 1);
      CREATE TABLE {days} USING delta AS SELECT DATE'2024-01-02' AS day, 'holiday' AS note UNION ALL SELECT DATE'2024-01-03', 'work';
      CREATE TABLE {nested} USING delta AS SELECT id,
        IF(id % 6 = 5, NULL, named_struct('name', concat('n', id), 'address', named_struct('city', concat('c', id % 5), 'zip', CAST(id AS INT))))
          AS person,
        IF(id % 7 = 0, array(), array(concat('t', id), NULL)) AS tags,
        map('k1', id, 'k2', NULL) AS attributes,
        array(named_struct('name', concat('p', id), 'age', id)) AS people
        FROM range(0, 30, 1, 2);
      CREATE TABLE {deleted} (id BIGINT, v STRING) USING delta
        TBLPROPERTIES ('delta.columnMapping.mode' = 'name', 'delta.enableDeletionVectors' = 'true');
      INSERT INTO {deleted} SELECT id, concat('v', id) FROM range(0, 1000, 1, 1);
      ALTER TABLE {deleted} RENAME COLUMN v TO renamed;
      DELETE FROM {deleted} WHERE id % 9 = 0;
      CREATE TABLE {odd} (`ünï` STRING, `Odd name` INT) USING delta
        TBLPROPERTIES ('delta.columnMapping.mode' = 'name');
      INSERT INTO {odd} VALUES ('日本', 1), (NULL, 2)""";
}
