/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import io.github.deltasharing.server.cli.Commands;
import io.github.deltasharing.server.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What a command ended with.
 *
 * @param code the exit code
 * @param out stdout
 * @param err stderr
 */
record ServerCommands(int code, String out, String err) {
  static ServerCommands run(Map<String, String> environment, String... args) {
    return run(environment, Optional.empty(), args);
  }

  static ServerCommands run(
      Map<String, String> environment, Optional<UnaryOperator<String>> prompt, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        new Commands(
                new Terminal(
                    new PrintStream(out, true, StandardCharsets.UTF_8),
                    new PrintStream(err, true, StandardCharsets.UTF_8),
                    environment,
                    prompt),
                config -> {
                  throw new AssertionError("No server is to be started");
                },
                "test")
            .run(args);
    return new ServerCommands(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
