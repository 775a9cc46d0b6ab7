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

/** Starts a server: {@code serve}, and what has options of it and no command. */
@Command(
    name = "serve",
    description = "Serves until the process is told to stop. What is done without a command, too.",
    footer = {
      "",
      "The first line on stdout is 'listening on <endpoint>'. Logs go to stderr.",
      "",
      "Examples:",
      "  serve --config share.yaml",
      "  serve --data /var/lib/sharing --allow-location /srv/tables --host 0.0.0.0"
    })
final class ServeCommand implements Runnable {
  @Mixin private ServeOptions options;

  private final Consumer<ShareConfig> server;

  ServeCommand(Consumer<ShareConfig> server) {
    this.server = server;
  }

  @Override
  public void run() {
    server.accept(options.shareConfig());
  }
}
