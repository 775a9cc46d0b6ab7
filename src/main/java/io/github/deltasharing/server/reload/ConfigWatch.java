/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.reload;

import io.github.deltasharing.server.auth.SecretToken;
import io.github.deltasharing.server.config.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at files of the configuration every now and then, and has it read again when what they hold
 * is something else and has been the same for two looks: a file that is being written is left
 * alone. It is their bytes that count, not their times: so it works on network disks, and with
 * links that lead elsewhere. Safe for use by several threads; the server closes it.
 */
public final class ConfigWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigWatch.class);

  /**
   * After how many looks what was refused is tried again: why may be none of its bytes, but another
   * file that it names, or a share of the store.
   */
  static final int REFUSED_LOOKS = 60;

  private final List<Path> files;
  private final ConfigReloader reloader;
  private final ScheduledExecutorService scheduler =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "sharing-config-watch");
            thread.setDaemon(true);
            return thread;
          });
  private String seen = "";
  private String handled = "";

  /** How many looks ago what is there was refused; -1 if it was not. */
  private int refusedAgo = -1;

  public ConfigWatch(List<Path> files, ConfigReloader reloader) {
    this.files = List.copyOf(files);
    this.reloader = reloader;
  }

  /** Looks from now on, at intervals. */
  public void start(int seconds) {
    scheduler.scheduleWithFixedDelay(this::look, seconds, seconds, TimeUnit.SECONDS);
  }

  /** Looks once. */
  synchronized void look() {
    try {
      String now = state();
      boolean settled = now.equals(seen);
      seen = now;
      boolean again = refusedAgo >= 0 && ++refusedAgo >= REFUSED_LOOKS;
      if (settled && (again || !now.equals(handled))) {
        handled = now;
        refusedAgo = -1;
        reloader.reload();
      }
    } catch (ConfigException e) {
      refusedAgo = 0;
      LOG.debug("The configuration waits for its next change, or for what it names", e);
    } catch (Throwable e) {
      // The database is away, or there is no memory: another time.
      handled = "";
      LOG.warn("The configuration could not be read again: {}", e.getMessage());
    }
  }

  /** What the files hold, in short. */
  private String state() {
    StringBuilder state = new StringBuilder();
    for (Path file : files) {
      try {
        byte[] bytes = Files.readAllBytes(file);
        state.append(SecretToken.hash(new String(bytes, StandardCharsets.ISO_8859_1)));
      } catch (IOException e) {
        state.append("none");
      }
      state.append(' ');
    }
    return state.toString();
  }

  @Override
  public void close() {
    scheduler.shutdownNow();
  }
}
