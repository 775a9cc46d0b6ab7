/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.reload;

import io.github.deltasharing.server.config.ConfigException;
import io.github.deltasharing.server.config.ConfigSource;
import io.github.deltasharing.server.config.ShareConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the configuration again while the server runs, and has its parts take it: all of them, or
 * none if any of it is wrong. Safe for use by several threads, one of which reads at a time.
 */
public final class ConfigReloader {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigReloader.class);

  private final Optional<ConfigSource> source;
  private final ShareConfig atStart;
  private final List<ReloadablePart> parts;
  private final Clock clock;
  private ShareConfig current;
  private final AtomicLong taken = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private volatile boolean lastTaken = true;
  private volatile Instant lastTime;

  /**
   * A reloader of what the server was started with.
   *
   * @param source where the configuration comes from; empty if it is in no file
   */
  public ConfigReloader(
      Optional<ConfigSource> source, ShareConfig atStart, List<ReloadablePart> parts, Clock clock) {
    this.source = source;
    this.atStart = atStart;
    this.current = atStart;
    this.parts = List.copyOf(parts);
    this.clock = clock;
    this.lastTime = clock.instant();
  }

  /**
   * What a reload did.
   *
   * @param taken keys whose new values are in use
   * @param needRestart keys whose values differ from those that the server was started with
   * @param shares how many shares the configuration has
   */
  public record Outcome(List<String> taken, List<String> needRestart, int shares) {}

  /** Whether there is a file to read again. */
  public boolean hasSource() {
    return source.isPresent();
  }

  /**
   * Reads the file again.
   *
   * @throws ConfigException when it is not taken: the message says why
   */
  public synchronized Outcome reload() {
    ConfigSource from =
        source.orElseThrow(
            () -> new ConfigException("This server was started without a configuration file"));
    boolean done = false;
    try {
      Outcome outcome = take(read(from));
      taken.incrementAndGet();
      done = true;
      lastTime = clock.instant();
      log(from, outcome);
      return outcome;
    } catch (ConfigException e) {
      LOG.error(
          "The configuration {} was not taken, the one before goes on: {}",
          from.file(),
          e.getMessage().replaceAll("\\s*\\R\\s*", " "));
      throw e;
    } finally {
      // Not before: who reads the metrics meanwhile is to see how the last one ended.
      lastTaken = done;
      if (!done) {
        refused.incrementAndGet();
      }
    }
  }

  private static ShareConfig read(ConfigSource from) {
    try {
      if (Files.size(from.file()) == 0) {
        // It would share nothing. More likely somebody is about to write it.
        throw new ConfigException("The file is empty");
      }
    } catch (IOException e) {
      throw new ConfigException("The file cannot be read: " + e, e);
    }
    return from.read().get();
  }

  private Outcome take(ShareConfig next) {
    if (!next.storage().equals(atStart.storage())) {
      throw new ConfigException(
          "storage was changed. That needs a restart, and until then nothing of the file is taken");
    }
    List<Runnable> changes = new ArrayList<>();
    for (ReloadablePart part : parts) {
      changes.add(part.prepare(next));
    }
    changes.forEach(Runnable::run);
    Outcome outcome =
        new Outcome(
            ConfigChanges.live(current, next),
            ConfigChanges.atStart(atStart, next),
            next.shares().size());
    current = next;
    return outcome;
  }

  private static void log(ConfigSource from, Outcome outcome) {
    if (!outcome.taken().isEmpty()) {
      LOG.info(
          "The configuration {} was read again: {} changed",
          from.file(),
          String.join(", ", outcome.taken()));
    }
    if (!outcome.needRestart().isEmpty()) {
      LOG.warn(
          "The configuration {} has changes that need a restart: {}",
          from.file(),
          String.join(", ", outcome.needRestart()));
    }
  }

  /** How often the file was read again and taken. */
  public long taken() {
    return taken.get();
  }

  /** How often it was not. */
  public long refused() {
    return refused.get();
  }

  /** Whether it was, the last time. */
  public boolean isLastTaken() {
    return lastTaken;
  }

  /** When a configuration was taken last, that of the start included. */
  public Instant lastTime() {
    return lastTime;
  }
}
