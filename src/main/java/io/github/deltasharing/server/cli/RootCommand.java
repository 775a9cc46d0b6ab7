/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.cli;

import io.github.deltasharing.server.config.ShareConfig;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command line without a command, which starts a server. */
@Command(
    name = "java -jar delta-sharing-server.jar",
    description = "A Delta Sharing server, and the commands of its provider.",
    footer = {
      "",
      "Without a command it serves. The first line on stdout is 'listening on <endpoint>'. Logs go"
          + " to stderr.",
      "",
      "Exit codes: 0 done, 1 refused or failed, 2 the command line or the configuration is wrong."
    })
final class RootCommand implements Runnable {
  @Mixin private ServeOptions options;

  @Option(names = "--version", versionHelp = true, description = "print the version and end")
  private boolean version;

  private final Consumer<ShareConfig> server;

  RootCommand(Consumer<ShareConfig> server) {
    this.server = server;
  }

  @Override
  public void run() {
    server.accept(options.shareConfig());
  }
}
