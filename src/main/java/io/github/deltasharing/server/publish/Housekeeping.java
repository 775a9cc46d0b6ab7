/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish;

import io.github.deltasharing.server.store.Database;
import io.github.deltasharing.server.store.Names;
import io.github.deltasharing.server.store.Page;
import io.github.deltasharing.server.store.PublicationStore;
import io.github.deltasharing.server.store.StoredPublication;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts right what a server left that was stopped, or lost its database, in the middle: at the start
 * and each hour, uploads whose hour is over, directories of tables that were never published, and
 * records that are behind their tables, whose logs are right. Versions that were replaced long ago
 * are deleted, if the provider wants that. Several servers may do so at once. Safe for use by
 * several threads.
 */
final class Housekeeping implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
  private static final Duration EVERY = Duration.ofHours(1);
  private static final Duration LAST = Duration.ofSeconds(10);
  private static final int PAGE = 500;

  private final Database database;
  private final PublicationStore store = new PublicationStore();
  private final PublishedTables tables;
  private final Uploads uploads;
  private final Optional<Duration> retention;
  private final Clock clock;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "publications-housekeeping");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * Creates it; nothing is done yet.
   *
   * @param retention how long versions stay that were replaced; empty for ever
   */
  Housekeeping(
      Database database,
      PublishedTables tables,
      Uploads uploads,
      Optional<Duration> retention,
      Clock clock) {
    this.database = database;
    this.tables = tables;
    this.uploads = uploads;
    this.retention = retention;
    this.clock = clock;
  }

  void start() {
    executor.scheduleWithFixedDelay(this::run, 0, EVERY.toSeconds(), TimeUnit.SECONDS);
  }

  void run() {
    attempt("uploads", uploads::sweep);
    attempt(
        "tables",
        () ->
            tables
                .roots()
                .sweep(clock.instant(), id -> database.read(session -> store.exists(session, id))));
    attempt("publications", this::lookAtEach);
  }

  /** One of the tasks; what it cannot do keeps no other one from being done. */
  @FunctionalInterface
  private interface Task {
    void run() throws IOException;
  }

  private static void attempt(String what, Task task) {
    try {
      task.run();
    } catch (IOException | RuntimeException e) {
      LOG.warn("What was left of {} is looked at again later: {}", what, e.toString());
    }
  }

  private void lookAtEach() {
    Page<StoredPublication> page;
    String after = "";
    do {
      Page.Of next = new Page.Of(after, PAGE);
      page = database.read(session -> store.page(session, next));
      for (StoredPublication publication : page.items()) {
        attempt("publication '" + publication.name() + "'", () -> catchUp(publication));
        if (retention.isPresent()) {
          attempt(
              "old versions of '" + publication.name() + "'",
              () -> forget(publication, retention.get()));
        }
      }
      after = page.next().map(Names::key).orElse("");
    } while (!after.isEmpty());
  }

  private void catchUp(StoredPublication publication) throws IOException {
    if (tables.later(publication).isEmpty()) {
      return;
    }
    database.write(
        session -> {
          // Whoever publishes at the moment has the record until its commit is there.
          StoredPublication locked = store.lock(session, publication.name());
          try {
            Optional<StoredPublication.Upload> later = tables.later(locked);
            return later.isPresent() ? store.record(session, locked, later.get()) : locked;
          } catch (IOException e) {
            throw Disk.refusal(e);
          }
        });
  }

  private void forget(StoredPublication publication, Duration kept) throws IOException {
    Instant now = clock.instant();
    tables.forget(publication, now.minus(kept), now);
  }

  @Override
  public void close() {
    // No interrupt: it would close an embedded database's file.
    executor.shutdown();
    try {
      if (!executor.awaitTermination(LAST.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("What was left of publications is still being looked at");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
