/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.cli;

import java.io.Console;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What a command is started from. Immutable.
 *
 * @param out what the command is asked for
 * @param err progress, and why it fails
 * @param environment variables of the process
 * @param prompt asks whoever sits there for a line; empty if nobody does
 */
public record Terminal(
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    Optional<UnaryOperator<String>> prompt) {

  /** That of this process. */
  public static Terminal ofProcess(PrintStream out, PrintStream err) {
    Console console = System.console();
    return new Terminal(
        out,
        err,
        System.getenv(),
        console == null
            ? Optional.empty()
            : Optional.of(
                question -> {
                  String answer = console.readLine("%s", question);
                  return answer == null ? "" : answer;
                }));
  }
}
