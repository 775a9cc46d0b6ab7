/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.deltasharing.it.JsonRows;
import io.github.deltasharing.testing.Rows;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Iceberg's own Spark runtime, in a JVM of its own. First it writes a table to a store, with a
 * catalog that nobody serves, and what its reader reads of it into {@code expected.json}. Then it
 * takes lines with a catalog's URI, warehouse and token, and queries by which it is to be read, and
 * answers each query with a line of JSON: the rows, or an error.
 */
public class IcebergStoreMain {
  private static final String TABLE = "store.db.t";

  /** What a query gave. */
  public record Answer(List<String> rows, String error) {}

  /** Arguments: warehouse, directory for expected.json, and the store's settings. */
  public static void main(String[] arguments) throws Exception {
    SparkSession.Builder builder =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.catalog.store", "org.apache.iceberg.spark.SparkCatalog")
            .config("spark.sql.catalog.store.type", "hadoop")
            .config("spark.sql.catalog.store.cache-enabled", "false")
            .config("spark.sql.catalog.store.warehouse", arguments[0])
            .config(
                "spark.sql.extensions",
                "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions");
    for (int i = 2; i < arguments.length; i++) {
      String[] setting = arguments[i].split("=", 2);
      builder.config("spark.hadoop." + setting[0], setting[1]);
    }
    SparkSession spark = builder.getOrCreate();
    write(spark);
    Map<String, Object> expected = new TreeMap<>();
    expected.put("lake", JsonRows.of(spark.table(TABLE)));
    List<Row> snapshots =
        spark
            .sql("SELECT snapshot_id FROM " + TABLE + ".snapshots ORDER BY committed_at")
            .collectAsList();
    long first = snapshots.get(0).getLong(0);
    expected.put(
        "lake first", JsonRows.of(spark.sql("SELECT * FROM " + TABLE + " VERSION AS OF " + first)));
    expected.put("lake first id", first);
    expected.put(
        "lake filtered",
        JsonRows.of(spark.table(TABLE).where("name = 'n7' AND amount > 100 AND id < 500")));
    new ObjectMapper().writeValue(Path.of(arguments[1], "expected-lake.json").toFile(), expected);
    answer("written");
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] words = line.split("\t");
      if (words[0].equals("catalog")) {
        String catalog = "spark.sql.catalog." + words[1];
        spark.conf().set(catalog, "org.apache.iceberg.spark.SparkCatalog");
        spark.conf().set(catalog + ".type", "rest");
        spark.conf().set(catalog + ".uri", words[2]);
        spark.conf().set(catalog + ".warehouse", words[3]);
        spark.conf().set(catalog + ".token", words[4]);
        answer("set");
      } else {
        answer(new ObjectMapper().writeValueAsString(query(spark, words[1])));
      }
    }
    spark.stop();
  }

  private static Answer query(SparkSession spark, String query) {
    try {
      Dataset<Row> rows = spark.sql(query);
      return new Answer(Rows.of(rows), "");
    } catch (Exception e) {
      return new Answer(List.of(), e.toString());
    }
  }

  private static void answer(String text) {
    System.out.println("> " + text);
  }

  /** Every kind of change that files, schema and partitions can have. */
  private static void write(SparkSession spark) {
    spark.sql(
        "CREATE TABLE "
            + TABLE
            + " (id BIGINT, name STRING, amount DECIMAL(10, 2), at TIMESTAMP, day DATE, f FLOAT, i INT,"
            + " tags ARRAY<STRING>, person STRUCT<name: STRING, born: DATE>, props MAP<STRING, BIGINT>) USING iceberg"
            + " PARTITIONED BY (bucket(4, id)) TBLPROPERTIES ('format-version' = '2', 'write.delete.mode' = 'merge-on-read',"
            + " 'write.update.mode' = 'merge-on-read')");
    insert(spark, 0);
    spark.sql("DELETE FROM " + TABLE + " WHERE id % 7 = 3");
    spark.sql("ALTER TABLE " + TABLE + " RENAME COLUMN person.born TO birthday");
    spark.sql("ALTER TABLE " + TABLE + " ALTER COLUMN i TYPE BIGINT");
    spark.sql("ALTER TABLE " + TABLE + " ADD COLUMN note STRING");
    spark.sql("ALTER TABLE " + TABLE + " ADD PARTITION FIELD months(day)");
    insert(spark, 400);
    spark.sql("UPDATE " + TABLE + " SET amount = amount + 1 WHERE id % 50 = 4");
    spark.sql("ALTER TABLE " + TABLE + " DROP COLUMN f");
  }

  private static void insert(SparkSession spark, int from) {
    spark.sql(
        "INSERT INTO "
            + TABLE
            + " SELECT id, IF(id % 9 = 0, NULL, concat('n', id % 10)), CAST(id * 1.5 AS DECIMAL(10, 2)),"
            + " timestamp_seconds(1700000000 + id * 61), date_add(DATE'2024-01-01', int(id % 90)), CAST(id / 3 AS FLOAT), int(id),"
            + " array('a', NULL, concat('t', id % 3)), IF(id % 6 = 0, NULL, named_struct('name', concat('p', id), 'born', DATE'1990-01-01')),"
            + " map(concat('k', id % 3), id)"
            + (from == 0 ? "" : ", 'ünï'")
            + " FROM range(%d, %d)".formatted(from, from + 400));
  }
}
