/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.examples;

import io.github.deltasharing.client.Share;
import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.Table;
import io.github.deltasharing.server.SharingServer;
import io.github.deltasharing.server.config.ShareConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The whole way in one program: a provider writes two Delta tables and shares them; a recipient
 * with nothing but a credential file and Spark lists and reads them. {@code --serve} keeps the
 * server up afterwards.
 */
public final class QuickStart {
  private static final String RULE = "─".repeat(100);

  private final Path directory;
  private final Path profile;

  private QuickStart(Path directory) {
    this.directory = directory;
    this.profile = directory.resolve("config.share");
  }

  /**
   * Runs the quick start.
   *
   * @param args {@code [--serve] [directory]}; the directory is {@code target/quickstart} unless
   *     said
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    boolean serve = false;
    Path directory = Path.of("target", "quickstart");
    for (String arg : args) {
      if (arg.equals("--serve")) {
        serve = true;
      } else {
        directory = Path.of(arg);
      }
    }
    new QuickStart(directory.toAbsolutePath().normalize()).run(serve);
  }

  private void run(boolean serve) throws IOException, InterruptedException {
    deleteRecursively(directory);
    Files.createDirectories(directory);
    try (SharingServer server = provide()) {
      receive();
      tellWhatToPaste(server.uri(), serve);
      if (serve) {
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(stopped::countDown));
        stopped.await();
      }
    }
  }

  /** The provider's side: Delta tables, a server over them, a credential file for the recipient. */
  private SharingServer provide() throws IOException {
    heading("Provider: two Delta tables with some history");
    step("Starting Spark with Delta Lake");
    SparkSession spark =
        session("provider")
            .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
            .config(
                "spark.sql.catalog.spark_catalog",
                "org.apache.spark.sql.delta.catalog.DeltaCatalog")
            .getOrCreate();
    RetailTables tables = new RetailTables(spark, directory.resolve("tables"));
    step("Writing customers and orders");
    tables.write();
    for (Path table : new Path[] {tables.customers(), tables.orders()}) {
      System.out.printf("%nHistory of %s:%n", table.getFileName());
      spark
          .sql("DESCRIBE HISTORY delta.`" + table.toUri() + "`")
          .selectExpr(
              "version",
              "timestamp",
              "operation",
              "coalesce(operationMetrics.numUpdatedRows, operationMetrics.numDeletedRows,"
                  + " operationMetrics.numOutputRows, 0) AS rows")
          .orderBy("version")
          .show(false);
    }
    spark.stop();

    heading("Provider: a sharing server and a credential file");
    step("Starting the server");
    String token = UUID.randomUUID().toString();
    SharingServer server =
        SharingServer.start(
            ShareConfig.builder()
                .port(0)
                .bearerToken(token)
                .tableWithHistory("retail", "sales", "customers", tables.customers())
                .tableWithHistory("retail", "sales", "orders", tables.orders())
                .build());
    Files.writeString(
        profile,
        """
        {
          "shareCredentialsVersion": 1,
          "endpoint": "%s",
          "bearerToken": "%s"
        }
        """
            .formatted(server.uri(), token));
    System.out.printf("Sharing server:  %s%nCredential file: %s%n", server.uri(), profile);
    return server;
  }

  /** The recipient's side: no Delta Lake, no paths, no storage credentials. */
  private void receive() {
    heading("Recipient: what is shared with me?");
    SharingClient client = SharingClient.open(profile);
    for (Share share : client.listShares()) {
      for (Table table : client.listAllTables(share.name())) {
        System.out.println("  " + table.fullName());
      }
    }

    System.out.println();
    step("Starting Spark with the connector, without Delta Lake");
    SparkSession spark = session("recipient").getOrCreate();
    try {
      Dataset<Row> customers =
          spark.read().format("deltaSharing").load(profile + "#retail.sales.customers");
      Dataset<Row> orders =
          spark.read().format("deltaSharing").load(profile + "#retail.sales.orders");
      show("Recipient: customers", customers);
      show("Recipient: orders", orders);
      showTotals(customers, orders);
    } finally {
      spark.stop();
    }
  }

  private static void show(String title, Dataset<Row> table) {
    heading(title);
    step("Reading");
    table.printSchema();
    Dataset<Row> sorted = table.orderBy(table.columns()[0]);
    sorted.show(5, false);
    System.out.println(table.count() + " rows");
  }

  private static void showTotals(Dataset<Row> customers, Dataset<Row> orders) {
    heading("Recipient: revenue per segment, a join of the two");
    step("Reading");
    Dataset<Row> totals =
        orders
            .join(customers, "customer_id")
            .groupBy("segment")
            .agg(
                org.apache.spark.sql.functions.countDistinct("customer_id").as("customers"),
                org.apache.spark.sql.functions.count("*").as("orders"),
                org.apache.spark.sql.functions.expr("sum(quantity * unit_price)").as("revenue"))
            .orderBy("segment");
    System.out.printf("%-16s %10s %10s %16s%n", "segment", "customers", "orders", "revenue");
    for (Row row : totals.collectAsList()) {
      System.out.printf(
          "%-16s %,10d %,10d %,16.2f%n",
          row.getString(0), row.getLong(1), row.getLong(2), row.getDecimal(3));
    }
    System.out.printf(
        "%nRead from the provider's store for this query: %s%n", ScanReport.of(totals));
  }

  private void tellWhatToPaste(URI server, boolean serving) {
    heading(serving ? "The server is up at " + server + "; Ctrl-C stops it" : "Now on your own");
    if (!serving) {
      System.out.println(
          """
          The server stops now. To keep it up for the lines below:

          mvn -q -Pquickstart package -Dquickstart.args=--serve
          """);
    }
    System.out.printf(
        """
        In another shell, in this directory, with a Spark of your own (pip install pyspark==3.5.7):

        pyspark --jars %1$s \\
          --conf spark.sql.catalog.shared=io.github.deltasharing.catalog.SharingCatalog \\
          --conf spark.sql.catalog.shared.profile=%2$s

          spark.read.format("deltaSharing").load("%2$s#retail.sales.customers").show()
          spark.sql("SELECT segment, count(*) FROM shared.retail.sales.customers GROUP BY segment").show()

        spark-shell takes the same, spark-sql too:

          SHOW TABLES IN shared.retail.sales;
          SELECT channel, sum(quantity * unit_price) FROM shared.retail.sales.orders VERSION AS OF 3 GROUP BY channel;

        README.md and docs/ go on from here.

        """,
        relative(
            Path.of(
                System.getProperty("quickstart.connector", "delta-sharing-spark-connector.jar"))),
        relative(profile));
  }

  /** As the shell that starts Spark in this directory names it. */
  private static String relative(Path path) {
    Path here = Path.of("").toAbsolutePath();
    return path.isAbsolute() && path.startsWith(here)
        ? here.relativize(path).toString()
        : path.toString();
  }

  private static SparkSession.Builder session(String name) {
    return SparkSession.builder()
        .master("local[*]")
        .appName("quick start, " + name)
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.log.level", "ERROR");
  }

  /** A line before each thing that takes seconds. */
  private static void step(String what) {
    System.out.println(what + " …");
  }

  private static void heading(String title) {
    System.out.printf("%n%s%n%s%n%s%n", RULE, title, RULE);
  }

  private static void deleteRecursively(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
