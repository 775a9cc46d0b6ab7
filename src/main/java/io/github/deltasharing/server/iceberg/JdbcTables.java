/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import io.github.deltasharing.server.config.ConfigException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * The tables of a catalog in a database, as Iceberg's JDBC catalog keeps them. Reads one row;
 * writes nothing, nor makes the catalog's tables where there are none. A connection for each.
 */
final class JdbcTables implements CatalogClient {
  /** Begins the keys of properties that are the driver's. */
  private static final String DRIVER = "jdbc.";

  private static final int QUERY_SECONDS = 20;

  // All columns: that of the type is newer than the table.
  private static final String ROW =
      "SELECT * FROM iceberg_tables WHERE catalog_name = ? AND table_namespace = ? AND table_name = ?";

  private final String catalog;
  private final String uri;
  private final Properties driver = new Properties();

  /**
   * @param name of the catalog, unless the property {@code catalog-name} has another one
   * @throws ConfigException if there is no driver for its database
   */
  JdbcTables(String name, Map<String, String> properties) {
    this.catalog = properties.getOrDefault("catalog-name", name);
    this.uri = properties.get("uri");
    requireDriver(name);
    if (uri.startsWith("jdbc:postgresql:")) {
      driver.setProperty("connectTimeout", "10");
      driver.setProperty("loginTimeout", "10");
      driver.setProperty("socketTimeout", "30");
    }
    properties.forEach(
        (key, value) -> {
          if (key.startsWith(DRIVER)) {
            driver.setProperty(key.substring(DRIVER.length()), value);
          }
        });
  }

  private void requireDriver(String name) {
    try {
      DriverManager.getDriver(uri);
    } catch (SQLException e) {
      // Without a cause: an address may have a password in it.
      throw new ConfigException(
          "The catalog '"
              + name
              + "' of catalogs is in a database that no driver on the class path knows. The server's"
              + " jar has those of PostgreSQL and H2; put another one's beside it");
    }
  }

  /** What a failure is called in logs, without its text. */
  static String kind(Throwable failure) {
    String type = failure.getClass().getSimpleName();
    return failure instanceof SQLException sql ? type + " " + sql.getSQLState() : type;
  }

  @Override
  public Optional<String> metadata(List<String> namespace, String table) throws SQLException {
    try (Connection connection = DriverManager.getConnection(uri, driver);
        PreparedStatement row = connection.prepareStatement(ROW)) {
      row.setQueryTimeout(QUERY_SECONDS);
      row.setString(1, catalog);
      row.setString(2, String.join(".", namespace));
      row.setString(3, table);
      try (ResultSet found = row.executeQuery()) {
        return found.next() && isTable(found)
            ? Optional.ofNullable(found.getString("metadata_location"))
            : Optional.empty();
      }
    }
  }

  private static boolean isTable(ResultSet row) throws SQLException {
    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
      if (row.getMetaData().getColumnName(i).equalsIgnoreCase("iceberg_type")) {
        String type = row.getString(i);
        return type == null || type.equals("TABLE");
      }
    }
    return true;
  }

  @Override
  public void close() {}
}
