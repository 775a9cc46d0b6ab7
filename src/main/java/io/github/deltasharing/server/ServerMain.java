/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import io.github.deltasharing.annotation.PublicApi;
import io.github.deltasharing.server.cli.Commands;
import io.github.deltasharing.server.cli.Terminal;
import io.github.deltasharing.server.config.ShareConfig;
import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;

/**
 * The main class of the server's jar: reads the command line, serves until the process gets a
 * signal to stop, or runs an admin command. Exit codes: 0 after a stop or what was done, 1 when a
 * command failed, 2 when the command line or the configuration is wrong.
 */
@PublicApi
public final class ServerMain {
  private static final String LOG_CONFIG = "log4j2.configurationFile";

  private ServerMain() {}

  /** Runs the server; see {@code --help}. */
  public static void main(String[] args) {
    // Before anything makes a logger.
    if (System.getProperty(LOG_CONFIG) == null) {
      System.setProperty(
          LOG_CONFIG, "classpath:io/github/deltasharing/server/" + Commands.logging(args));
    }
    int code = run(args, System.out, System.err);
    if (code != 0) {
      System.exit(code);
    }
  }

  /** Runs until a signal to stop, or until a command has done its work. */
  static int run(String[] args, PrintStream out, PrintStream err) {
    String version = ServerMain.class.getPackage().getImplementationVersion();
    return new Commands(
            Terminal.ofProcess(out, err),
            config -> serve(config, out),
            version == null ? "(development)" : version)
        .run(args);
  }

  private static void serve(ShareConfig config, PrintStream out) {
    SharingServer server = SharingServer.start(config);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  server.close();
                  stopped.countDown();
                },
                "sharing-server-stop"));
    out.println("listening on " + server.uri());
    out.flush();
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      server.close();
    }
  }
}
