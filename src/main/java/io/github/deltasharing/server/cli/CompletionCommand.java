/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lets a shell complete commands and options. */
@Command(
    name = "completion",
    description = "Prints a script that lets bash and zsh complete commands and options.",
    footer = {
      "",
      "Example, with alias delta-sharing='java -jar delta-sharing-server.jar':",
      "  source <(java -jar delta-sharing-server.jar completion delta-sharing)"
    })
final class CompletionCommand implements Runnable {
  @Parameters(
      paramLabel = "NAME",
      arity = "0..1",
      defaultValue = "delta-sharing",
      description = "the name by which the shell starts it. Default: delta-sharing")
  private String name;

  @Spec private CommandSpec spec;

  private final Terminal terminal;

  CompletionCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    if (!name.matches("[A-Za-z0-9._-]+")) {
      throw CommandException.wrong("NAME must be a name of letters, digits, '.', '_' and '-'");
    }
    terminal.out().println(AutoComplete.bash(name, spec.root().commandLine()));
  }
}
