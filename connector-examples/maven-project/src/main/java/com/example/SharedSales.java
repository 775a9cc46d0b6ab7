package com.example;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import io.github.deltasharing.client.Share;
import io.github.deltasharing.client.Table;
import io.github.deltasharing.client.SharingClient;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Lists what is shared, by the connector's own client; then reads two tables of it with Spark. */
public final class SharedSales {
  private SharedSales() {}

  /**
   * @param args the profile, the provider's credential file
   */
  public static void main(String[] args) {
    String profile = args[0];
    SharingClient client = SharingClient.open(Path.of(profile));
    for (Share share : client.listShares()) {
      for (Table table : client.listAllTables(share.name())) {
        System.out.println(table.fullName());
      }
    }

    SparkSession spark =
        SparkSession.builder()
            .appName("shared sales")
            // For a run without spark-submit; with it, leave the master to the command line.
            .config("spark.master", System.getProperty("spark.master", "local[*]"))
            .getOrCreate();
    Dataset<Row> customers = shared(spark, profile, "customers");
    Dataset<Row> orders = shared(spark, profile, "orders");
    orders
        .join(customers, "customer_id")
        .groupBy("segment")
        .agg(count(lit(1)).as("orders"), expr("sum(quantity * unit_price)").as("revenue"))
        .orderBy("segment")
        .show();
    spark.stop();
  }

  private static Dataset<Row> shared(SparkSession spark, String profile, String table) {
    return spark.read().format("deltaSharing").load(profile + "#retail.sales." + table);
  }
}
