/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.cli;

/** Runs admin commands on the way that their options say. Used by one thread. */
record AdminWork(Terminal terminal) {
  /** What a command does. */
  @FunctionalInterface
  interface Work {
    void run(AdminClient client, Output output);
  }

  /** Does it, and is 0, or throws a {@link CommandException}. */
  int run(AdminOptions options, Work work) {
    try (AdminClient client = options.open(terminal)) {
      work.run(client, new Output(terminal.out(), options.format()));
    }
    terminal.out().flush();
    return 0;
  }

  /** Deletes something, once somebody says so. */
  int delete(AdminOptions options, boolean yes, String what, ApiRequest request) {
    if (!yes) {
      String answer =
          terminal
              .prompt()
              .orElseThrow(
                  () ->
                      CommandException.wrong(
                          "There is nobody to ask: --yes deletes " + TerminalText.escape(what)))
              .apply("Delete " + TerminalText.escape(what) + "? [y/N] ");
      if (!answer.strip().equalsIgnoreCase("y") && !answer.strip().equalsIgnoreCase("yes")) {
        throw CommandException.failed("Nothing was deleted");
      }
    }
    return run(
        options,
        (client, output) -> {
          client.send(request);
          output.note("deleted " + what);
        });
  }
}
