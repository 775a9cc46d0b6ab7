/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Statements on one connection. Values are parameters always, never part of the SQL. Used by one
 * thread, as long as its {@link Database.Work} runs.
 */
public final class Session {
  /** Makes a row an object. */
  @FunctionalInterface
  interface Mapper<T> {
    T of(ResultSet row) throws SQLException;
  }

  private final Connection connection;

  Session(Connection connection) {
    this.connection = connection;
  }

  <T> List<T> list(String sql, Mapper<T> mapper, Object... values) throws SQLException {
    try (PreparedStatement statement = prepare(sql, values);
        ResultSet rows = statement.executeQuery()) {
      List<T> list = new ArrayList<>();
      while (rows.next()) {
        list.add(mapper.of(rows));
      }
      return list;
    }
  }

  <T> Optional<T> first(String sql, Mapper<T> mapper, Object... values) throws SQLException {
    try (PreparedStatement statement = prepare(sql, values);
        ResultSet rows = statement.executeQuery()) {
      return rows.next() ? Optional.of(mapper.of(rows)) : Optional.empty();
    }
  }

  /** The number of rows that were changed. */
  int update(String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = prepare(sql, values)) {
      return statement.executeUpdate();
    }
  }

  /** The same statement for each of the rows of values. */
  void batch(String sql, List<Object[]> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (Object[] row : rows) {
        for (int i = 0; i < row.length; i++) {
          statement.setObject(i + 1, row[i]);
        }
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  /** Waits until no other server does what the lock is for; until the end of the transaction. */
  void lock(String name) throws SQLException {
    first("SELECT name FROM locks WHERE name = ? FOR UPDATE", row -> row.getString(1), name);
  }

  /**
   * How the database orders keys: PostgreSQL by characters, H2 by the units of UTF-16, which differ
   * for characters beyond the 16 bits. What is merged with a list of the database has its order:
   * pages are cut by it.
   */
  public Comparator<String> keyOrder() throws SQLException {
    return "PostgreSQL".equals(connection.getMetaData().getDatabaseProductName())
        ? Session::compareCharacters
        : Comparator.naturalOrder();
  }

  private static int compareCharacters(String one, String other) {
    return Arrays.compare(one.codePoints().toArray(), other.codePoints().toArray());
  }

  private PreparedStatement prepare(String sql, Object... values) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    try {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement;
    } catch (SQLException | RuntimeException e) {
      statement.close();
      throw e;
    }
  }

  static Optional<Long> time(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(value);
  }
}
