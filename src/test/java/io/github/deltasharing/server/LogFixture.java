/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.testing.WrittenLog;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A server of one table, {@code Retail.c.t}, whose log a test writes. */
abstract class LogFixture {
  @TempDir Path root;
  Path dir;
  WrittenLog log;
  SharingServer server;
  ServerClient client;

  @BeforeEach
  void start() throws Exception {
    dir = Files.createDirectories(root.resolve("a table"));
    log = new WrittenLog(dir);
    server =
        SharingServer.start(
            ShareConfig.builder()
                .port(0)
                .bearerToken(ServerTables.TOKEN)
                .table(ChangeTables.shared("t", dir))
                .build());
    client = new ServerClient(server);
  }

  @AfterEach
  void stop() {
    server.close();
  }
}
