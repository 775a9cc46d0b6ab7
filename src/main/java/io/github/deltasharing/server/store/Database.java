/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import io.github.deltasharing.server.config.ConfigException;
import io.github.deltasharing.server.config.DatabaseConfig;
import io.github.deltasharing.server.error.ServerError;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database of a provider, its pool of connections and its schema. While it cannot be reached,
 * work is refused at once, but for one attempt a second. Safe for use by several threads; the
 * server closes it.
 */
public final class Database implements AutoCloseable {
  /** Some work on a connection. */
  @FunctionalInterface
  public interface Work<T> {
    T in(Session session) throws SQLException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(Database.class);
  private static final int CONNECTIONS = 16;
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration REFUSED = Duration.ofSeconds(1);
  private static final String UNIQUE_VIOLATION = "23505";

  /** What one transaction names and another one deleted meanwhile; H2's codes too. */
  private static final Set<String> GONE = Set.of("23503", "23506");

  /** Of transactions that wait for each other the database ends one, which may begin anew. */
  private static final Set<String> DEADLOCK = Set.of("40001", "40P01");

  /** A lock that another transaction has for too long. */
  private static final Set<String> LOCKED = Set.of("HYT00", "55P03");

  private static final int ATTEMPTS = 5;
  private static final Duration DEADLOCK_PAUSE = Duration.ofMillis(50);
  private static final Duration MIGRATION_PAUSE = Duration.ofMillis(500);

  /** H2's own, of its files and of a database that is closed. */
  private static final Set<String> CLOSED = Set.of("90028", "90031", "90067", "90098", "90121");

  /** Too long, and NUL. */
  private static final Set<String> UNWRITABLE = Set.of("22001", "22021");

  private static final String MIGRATIONS =
      "classpath:" + Database.class.getPackageName().replace('.', '/');

  private final HikariDataSource pool;

  /** Until when nobody tries, in {@link System#nanoTime}; 0 when the database was there. */
  private volatile long refusedUntil;

  private Database(HikariDataSource pool) {
    this.pool = pool;
  }

  /**
   * Connects, and brings the schema up to date; of several servers one does it.
   *
   * @throws ConfigException when the database cannot be reached or used
   */
  public static Database open(DatabaseConfig config) {
    HikariConfig settings = new HikariConfig();
    settings.setPoolName("sharing-store");
    settings.setJdbcUrl(config.url());
    config.user().ifPresent(settings::setUsername);
    config.password().ifPresent(settings::setPassword);
    settings.setMaximumPoolSize(CONNECTIONS);
    settings.setMinimumIdle(1);
    settings.setConnectionTimeout(CONNECT.toMillis());
    settings.setValidationTimeout(CONNECT.toMillis() / 2);
    settings.setInitializationFailTimeout(CONNECT.toMillis());
    if (config.isPostgres()) {
      // A peer that is gone without a word is noticed.
      settings.addDataSourceProperty("connectTimeout", "3");
      settings.addDataSourceProperty("socketTimeout", "20");
      settings.addDataSourceProperty("tcpKeepAlive", "true");
      settings.addDataSourceProperty("ApplicationName", "delta-sharing-server");
    }
    try {
      HikariDataSource pool = new HikariDataSource(settings);
      try {
        migrate(pool, config.isPostgres());
        return new Database(pool);
      } catch (RuntimeException e) {
        pool.close();
        throw e;
      }
    } catch (RuntimeException e) {
      throw new ConfigException(
          "Cannot use the database "
              + config.place()
              + ": "
              + rootMessage(e)
              + (config.isPostgres() ? "" : ". One server at a time can use it"),
          e);
    }
  }

  /** Of servers that begin at once with a new database, some may have to look again. */
  private static void migrate(HikariDataSource pool, boolean postgres) {
    for (int attempt = 1; ; attempt++) {
      try {
        migrateOnce(pool, postgres);
        return;
      } catch (FlywayException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
        LOG.debug("The database was not migrated, trying again", e);
        LockSupport.parkNanos(MIGRATION_PAUSE.toNanos());
      }
    }
  }

  private static void migrateOnce(HikariDataSource pool, boolean postgres) {
    Flyway.configure(Database.class.getClassLoader())
        .dataSource(pool)
        .locations(MIGRATIONS)
        .placeholders(Map.of("exact", postgres ? "COLLATE \"C\"" : ""))
        .table("sharing_schema_history")
        // A database of one's own schemas may have other tables.
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .load()
        .migrate();
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }

  /** Reads, by as many statements as it takes. */
  public <T> T read(Work<T> work) {
    return run(false, work);
  }

  /**
   * Does all of the work or none of it; again from its beginning, should the database have ended it
   * for another one's sake.
   *
   * @throws ServerError 409 when it would make something twice that may be there once
   */
  public <T> T write(Work<T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return run(true, work);
      } catch (ServerError e) {
        if (attempt == ATTEMPTS || !isDeadlock(e.getCause())) {
          throw e;
        }
        LOG.debug("A transaction is done again: {}", rootMessage(e));
        // Else the same two would meet again.
        LockSupport.parkNanos(
            ThreadLocalRandom.current().nextLong(attempt * DEADLOCK_PAUSE.toNanos()));
      }
    }
  }

  private static boolean isDeadlock(Throwable failure) {
    return failure instanceof SQLException e && DEADLOCK.contains(String.valueOf(e.getSQLState()));
  }

  /** Whether it answers; waits for some seconds at most. */
  boolean answers() {
    try {
      return read(session -> session.first("SELECT 1", row -> row.getInt(1)).isPresent());
    } catch (RuntimeException e) {
      return false;
    }
  }

  /** Has the pool of connections measured. */
  public void measure(MeterRegistry registry) {
    pool.setMetricsTrackerFactory(new MicrometerMetricsTrackerFactory(registry));
  }

  private <T> T run(boolean transaction, Work<T> work) {
    long until = refusedUntil;
    if (until != 0 && System.nanoTime() - until < 0) {
      throw unreachable(null);
    }
    if (until != 0) {
      refusedUntil = soon();
    }
    try (Connection connection = pool.getConnection()) {
      refusedUntil = 0;
      return transaction ? inTransaction(connection, work) : work.in(new Session(connection));
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private static <T> T inTransaction(Connection connection, Work<T> work) throws SQLException {
    connection.setAutoCommit(false);
    try {
      T result = work.in(new Session(connection));
      connection.commit();
      return result;
    } catch (SQLException | RuntimeException | Error e) {
      try {
        connection.rollback();
      } catch (SQLException rollback) {
        e.addSuppressed(rollback);
      }
      throw e;
    }
  }

  private static long soon() {
    long time = System.nanoTime() + REFUSED.toNanos();
    return time == 0 ? 1 : time;
  }

  private RuntimeException failure(SQLException e) {
    if (isUnreachable(e)) {
      if (isOfFiles(e)) {
        // An embedded database that could not write has closed itself: only a new connection opens
        // it again, and the pool takes the old ones for good.
        pool.getHikariPoolMXBean().softEvictConnections();
      }
      if (refusedUntil == 0) {
        LOG.warn("The database cannot be reached: {}", rootMessage(e));
      }
      refusedUntil = soon();
      return unreachable(e);
    }
    if (UNWRITABLE.contains(String.valueOf(e.getSQLState()))) {
      return new ServerError(
          400,
          ServerError.INVALID_PARAMETER_VALUE,
          "A text of the request is too long, or has characters that no name has",
          e);
    }
    if (UNIQUE_VIOLATION.equals(e.getSQLState())) {
      return new ServerError(
          409,
          ServerError.RESOURCE_ALREADY_EXISTS,
          "There is one of this name already. Choose another name, or change that one",
          e);
    }
    if (GONE.contains(String.valueOf(e.getSQLState()))) {
      return new ServerError(
          409,
          ServerError.INVALID_STATE,
          "What the request names was deleted at the same time. Look what is there, and try again",
          e);
    }
    if (isDeadlock(e) || LOCKED.contains(String.valueOf(e.getSQLState()))) {
      return ServerError.busy("Others change the same at the moment. Try again in some seconds", e);
    }
    return new IllegalStateException("The database refused a statement", e);
  }

  /** Whether it was the connection or the state of the whole database, and no statement. */
  private static boolean isUnreachable(SQLException e) {
    return Optional.ofNullable(e.getSQLState())
            // Connection, resources, operator's intervention, system error.
            .map(state -> state.matches("(08|53|57P|58).*"))
            .orElse(false)
        || e instanceof java.sql.SQLTransientConnectionException
        || e instanceof java.sql.SQLRecoverableException
        || isOfFiles(e);
  }

  /** Whether an embedded database could not read or write its files, as on a full disk. */
  private static boolean isOfFiles(SQLException e) {
    if (CLOSED.contains(String.valueOf(e.getSQLState()))) {
      return true;
    }
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException) {
        return true;
      }
    }
    return false;
  }

  private static ServerError unreachable(SQLException cause) {
    return ServerError.busy(
        "The server's database cannot be reached at the moment. Try again in some seconds", cause);
  }

  @Override
  public void close() {
    pool.close();
  }
}
