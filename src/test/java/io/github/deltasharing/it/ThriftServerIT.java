/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.deltasharing.testing.PythonEnvironment;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.Driver;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How BI tools reach a share: the Spark Thrift Server of a distribution, with a Hive metastore, a
 * catalog of shares and the extension, over the distribution's own JDBC driver. And the SQL
 * examples in {@code spark-sql}, as they stand.
 */
class ThriftServerIT {
  private static final String CONNECTOR = System.getProperty("connector.jar");

  @TempDir static Path directory;
  static ServedOrders orders;

  @BeforeAll
  static void start() throws Exception {
    orders = ServedOrders.in(directory);
  }

  @AfterAll
  static void stop() {
    orders.close();
  }

  private static List<String> submit(SparkDistribution spark, Path scratch) {
    return spark.submit(
        List.of(
            "--master",
            "local[2]",
            "--jars",
            CONNECTOR,
            "--conf",
            "spark.sql.warehouse.dir=" + scratch.resolve("warehouse"),
            "--conf",
            "spark.hadoop.javax.jdo.option.ConnectionURL=jdbc:derby:;databaseName="
                + scratch.resolve("metastore")
                + ";create=true",
            "--conf",
            "spark.sql.extensions=io.github.deltasharing.catalog.SharingExtensions",
            "--conf",
            "spark.sql.catalog.shared=io.github.deltasharing.catalog.SharingCatalog",
            "--conf",
            "spark.sql.catalog.shared.profile=" + orders.profile()));
  }

  @Test
  void jdbcOf35(@TempDir Path scratch) throws Exception {
    assertJdbc("spark-3.5", scratch);
  }

  @Test
  @Tag("nightly")
  void jdbcOf4(@TempDir Path scratch) throws Exception {
    assertJdbc("spark-4", scratch);
  }

  private static void assertJdbc(String line, Path scratch) throws Exception {
    PythonEnvironment environment = PythonEnvironment.of(line);
    SparkDistribution spark = SparkDistribution.of(environment, environment, scratch);
    try (SparkDistribution.Server server = spark.thriftServer("thrift", submit(spark, scratch));
        URLClassLoader jars = jars(environment);
        Connection connection = connect(jars, server.address())) {
      aShareAsACatalog(connection);
      namesInTheMetastore(connection);
      whatToolsAskForMetadata(connection);
      errors(connection);
      assertThat(Files.readString(scratch.resolve("thrift.log"))).doesNotContain(orders.secrets());
    }
    // The entries outlive the server.
    SparkDistribution.Finished later =
        sql(
            spark,
            scratch,
            "later",
            List.of(
                "-e",
                "SELECT 'kept', count(*) FROM kept; SELECT 'view', n FROM kept_view; DROP TABLE kept;"));
    assertThat(later.output())
        .containsPattern("kept\\s+" + orders.count("latest"))
        .containsPattern("view\\s+" + orders.count("latest"))
        .doesNotContain(orders.secrets());
    assertThat(later.exit()).as(later.output()).isZero();
  }

  private static void aShareAsACatalog(Connection connection) throws SQLException {
    assertThat(rows(connection, "SHOW NAMESPACES IN shared")).containsExactly("share");
    assertThat(rows(connection, "SHOW SCHEMAS IN shared.share")).containsExactly("share.schema");
    assertThat(rows(connection, "SHOW TABLES IN shared.share.schema"))
        .anySatisfy(row -> assertThat(row).contains("orders"));
    String count = String.valueOf(orders.count("latest"));
    assertThat(rows(connection, "SELECT count(*) FROM shared.share.schema.orders"))
        .containsExactly(count);
    assertThat(rows(connection, "SELECT count(country) FROM shared.share.schema.orders"))
        .containsExactly(String.valueOf(orders.count("latest") - orders.withoutCountry()));
    assertThat(rows(connection, "SELECT count(*) FROM shared.share.schema.orders VERSION AS OF 1"))
        .containsExactly(String.valueOf(orders.count("version 1")));
    assertThat(
            rows(
                connection,
                "SELECT count(*) FROM table_changes('shared.share.schema.orders', 2, 4)"))
        .containsExactly(String.valueOf(orders.count("changes")));
    rows(connection, "USE shared.share.schema");
    assertThat(rows(connection, "SELECT count(*) FROM orders")).containsExactly(count);
    rows(connection, "USE spark_catalog.default");
  }

  private static void namesInTheMetastore(Connection connection) throws SQLException {
    rows(
        connection,
        "CREATE TABLE kept USING deltaSharing LOCATION '" + orders.path("orders") + "'");
    rows(connection, "CREATE VIEW kept_view AS SELECT count(*) AS n FROM kept");
    String count = String.valueOf(orders.count("latest"));
    assertThat(rows(connection, "SELECT count(*) FROM kept")).containsExactly(count);
    assertThat(rows(connection, "SELECT n FROM kept_view")).containsExactly(count);
    assertThat(rows(connection, "EXPLAIN SELECT id FROM kept WHERE id < 10"))
        .anySatisfy(plan -> assertThat(plan).contains("ColumnarToRow", "by statistics: [id"));
  }

  /**
   * Spark's server answers these from the session catalog alone, whatever other catalogs there are.
   */
  private static void whatToolsAskForMetadata(Connection connection) throws SQLException {
    DatabaseMetaData metadata = connection.getMetaData();
    try (ResultSet schemas = metadata.getSchemas()) {
      assertThat(column(schemas, "TABLE_SCHEM")).contains("default").doesNotContain("share");
    }
    try (ResultSet tables = metadata.getTables(null, "default", "kept%", null)) {
      assertThat(column(tables, "TABLE_NAME")).containsExactlyInAnyOrder("kept", "kept_view");
    }
    try (ResultSet columns = metadata.getColumns(null, "default", "kept_view", null)) {
      assertThat(column(columns, "COLUMN_NAME")).containsExactly("n");
    }
    // The metastore holds no columns of the table: they are those that the share has now.
    try (ResultSet columns = metadata.getColumns(null, "default", "kept", null)) {
      assertThat(column(columns, "COLUMN_NAME")).isEmpty();
    }
  }

  private static void errors(Connection connection) {
    Throwable missing =
        catchThrowable(() -> rows(connection, "SELECT * FROM shared.share.schema.nothing"));
    assertThat(missing)
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("TABLE_OR_VIEW_NOT_FOUND");
    Throwable write = catchThrowable(() -> rows(connection, "INSERT INTO kept SELECT * FROM kept"));
    assertThat(write).isInstanceOf(SQLException.class).hasMessageContaining("shares are read-only");
    for (Throwable error : List.of(missing, write)) {
      assertThat(error.getMessage()).doesNotContain(orders.secrets());
    }
  }

  @Test
  @Tag("nightly")
  void examplesOf35(@TempDir Path scratch) throws Exception {
    assertExamples("spark-3.5", scratch);
  }

  @Test
  void examplesOf4(@TempDir Path scratch) throws Exception {
    assertExamples("spark-4", scratch);
  }

  private static void assertExamples(String line, Path scratch) throws Exception {
    PythonEnvironment environment = PythonEnvironment.of(line);
    SparkDistribution spark = SparkDistribution.of(environment, environment, scratch);
    List<Path> files;
    try (Stream<Path> examples = Files.list(Path.of("connector-examples", "sql"))) {
      files = examples.filter(file -> file.toString().endsWith(".sql")).sorted().toList();
    }
    assertThat(files).hasSizeGreaterThanOrEqualTo(5);
    // One after the other in one program: each starts a JVM otherwise.
    StringBuilder all = new StringBuilder();
    for (Path file : files) {
      String text = Files.readString(file);
      all.append("SELECT 'example', '").append(file.getFileName()).append("';\n").append(text);
      all.append("USE spark_catalog.default;\n");
    }
    Path joined = Files.writeString(scratch.resolve("examples.sql"), all);
    List<String> arguments = new ArrayList<>();
    for (String variable :
        List.of(
            "profile=" + orders.profile(),
            "share=share",
            "schema=schema",
            "table=orders",
            "version=1",
            "start=2",
            "end=4")) {
      arguments.addAll(List.of("-d", variable));
    }
    arguments.addAll(List.of("-f", joined.toString()));
    SparkDistribution.Finished finished = sql(spark, scratch, "examples", arguments);
    assertThat(finished.exit()).as(finished.output()).isZero();
    assertThat(finished.output())
        .containsPattern("example\\s+catalog.sql")
        .containsPattern("then\\s+" + orders.count("version 1"))
        .containsPattern("now\\s+" + orders.count("latest"))
        .containsPattern(
            "(?s)changes.sql.*4\\s+delete\\s+"
                + orders.deleted()
                + ".*4\\s+delete\\s+"
                + orders.deleted())
        .containsPattern("(?s)tables_and_views.sql(.*\\n" + orders.count("latest") + "\\n){3}")
        .doesNotContain(orders.secrets());
  }

  private static SparkDistribution.Finished sql(
      SparkDistribution spark, Path scratch, String name, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(submit(spark, scratch));
    all.addAll(arguments);
    return spark.run(name, "spark-sql", all);
  }

  /** All that the distribution has, the driver among it, apart from the classes of this JVM. */
  private static URLClassLoader jars(PythonEnvironment environment) throws IOException {
    List<URL> urls = new ArrayList<>();
    try (Stream<Path> jars = Files.list(environment.packageDirectory("pyspark").resolve("jars"))) {
      for (Path jar : jars.toList()) {
        urls.add(jar.toUri().toURL());
      }
    }
    return new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
  }

  private static Connection connect(ClassLoader jars, String url) throws Exception {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    Thread.currentThread().setContextClassLoader(jars);
    try {
      Driver driver =
          (Driver) jars.loadClass("org.apache.hive.jdbc.HiveDriver").getConstructor().newInstance();
      return driver.connect(url, new Properties());
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  /** The rows, their columns with blanks between. */
  private static List<String> rows(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      List<String> rows = new ArrayList<>();
      if (!statement.execute(sql)) {
        return rows;
      }
      try (ResultSet result = statement.getResultSet()) {
        while (result.next()) {
          List<String> columns = new ArrayList<>();
          for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
            columns.add(result.getString(i));
          }
          rows.add(String.join(" ", columns));
        }
      }
      return rows;
    }
  }

  private static List<String> column(ResultSet rows, String name) throws SQLException {
    List<String> values = new ArrayList<>();
    while (rows.next()) {
      values.add(rows.getString(name));
    }
    return values;
  }
}
