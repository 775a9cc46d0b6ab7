/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import io.github.deltasharing.server.SharingServer;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.testing.PythonEnvironment;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The API's document and a server that is to do what it says, judged by openapi-spec-validator and
 * Schemathesis.
 */
class ApiDocumentIT {
  private static final Duration LONGEST = Duration.ofMinutes(9);

  @TempDir Path directory;

  @TestFactory
  Stream<DynamicTest> theServerDoesWhatTheDocumentSays() throws IOException, InterruptedException {
    PythonEnvironment python = PythonEnvironment.of("api");
    Path scratch = Files.createDirectories(directory.resolve("suite"));
    ShareConfig config =
        ShareConfig.builder()
            .port(0)
            .data(directory.resolve("data"))
            // Tokens and links that are made up would keep those out that are not.
            .failedSignInsPerMinute(0)
            .build();
    try (SharingServer server = SharingServer.start(config)) {
      Path token = directory.resolve("data").resolve("admin-token");
      return PythonSuite.run(
          python,
          "api_suite",
          List.of(
              "--origin=" + URI.create("http://127.0.0.1:" + server.uri().getPort()),
              "--token-file=" + token,
              "--scratch=" + scratch),
          scratch,
          LONGEST,
          Files.readString(token).strip());
    }
  }
}
