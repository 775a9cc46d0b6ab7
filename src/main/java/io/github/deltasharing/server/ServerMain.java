/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import io.github.deltasharing.annotation.PublicApi;
import io.github.deltasharing.server.config.ConfigException;
import io.github.deltasharing.server.config.ShareConfig;
import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;

/**
 * The main class of the server's jar: reads the command line, serves until the process gets a
 * signal to stop. Exit codes: 0 after a stop, 2 when the command line or the configuration is
 * wrong.
 */
@PublicApi
public final class ServerMain {
  private static final int WRONG_CONFIGURATION = 2;
  private static final String LOG_CONFIG = "log4j2.configurationFile";

  private ServerMain() {}

  /** Runs the server; see {@code --help}. */
  public static void main(String[] args) {
    // Before anything makes a logger.
    if (System.getProperty(LOG_CONFIG) == null) {
      System.setProperty(
          LOG_CONFIG, "classpath:io/github/deltasharing/server/log4j2-server.properties");
    }
    int code = run(args, System.out, System.err);
    if (code != 0) {
      System.exit(code);
    }
  }

  /** Runs until a signal to stop, or returns at once when there is nothing to serve. */
  static int run(String[] args, PrintStream out, PrintStream err) {
    try {
      CommandLine line = CommandLine.parse(args);
      if (line.help()) {
        out.print(CommandLine.USAGE);
        return 0;
      }
      if (line.version()) {
        String version = ServerMain.class.getPackage().getImplementationVersion();
        out.println("delta-sharing-server " + (version == null ? "(development)" : version));
        return 0;
      }
      serve(line.shareConfig(), out);
      return 0;
    } catch (ConfigException e) {
      err.println(e.getMessage().replaceAll("\\s*\\R\\s*", " "));
      return WRONG_CONFIGURATION;
    }
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
