/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.server.config.DatabaseConfig;
import io.github.deltasharing.server.store.StoreKind;
import io.github.deltasharing.testing.MovableClock;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded database is closed under the server's feet. */
@Tag("unit")
class EmbeddedDatabaseTest {
  @TempDir Path directory;

  private static void shutDown(DatabaseConfig database, String how) throws SQLException {
    try (Connection connection = DriverManager.getConnection(database.url(), "sa", "")) {
      Statement statement = connection.createStatement();
      statement.execute(how);
    } catch (SQLException e) {
      // The connection ends with the database.
      assertThat(e.getErrorCode()).isIn(90098, 90121);
    }
  }

  @Test
  void whatWasDoneIsThereAfterItWasClosed() throws Exception {
    DatabaseConfig database = StoreKind.H2.config(directory.resolve("data"));
    try (ProviderServer server = ProviderServer.start(directory, new MovableClock(), database)) {
      String token = server.recipient("acme").path("bearerToken").asText();
      for (String how : new String[] {"SHUTDOWN", "SHUTDOWN IMMEDIATELY"}) {
        shutDown(database, how);
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        int status = server.get(token, "/shares").statusCode();
        while (status != 200) {
          assertThat(status).as(how).isEqualTo(503);
          assertThat(System.nanoTime()).isLessThan(end);
          status = server.get(token, "/shares").statusCode();
        }
        server.done("POST", "/shares", "{\"name\":\"after " + how + "\"}");
      }
      assertThat(server.done("GET", "/shares", "").path("items")).hasSize(2);
    }
  }
}
