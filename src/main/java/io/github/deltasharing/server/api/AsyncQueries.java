/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.api;

import io.github.deltasharing.server.auth.Principal;
import io.github.deltasharing.server.config.ServerSettings;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.source.TableSnapshot;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The queries that clients poll for. What takes long, finding a version in a table's log, is done
 * by a few threads; the response itself is made and streamed by a poll, so a query costs no more
 * than the version it is about. A query is dropped some time after its last poll. Beyond the limit
 * of kept queries, clients get their responses at once, as the protocol allows. Thread-safe.
 */
final class AsyncQueries {
  private static final int THREADS = 2;
  private static final long IDLE_SECONDS = 10;

  private final ServerSettings settings;
  private final Clock clock;
  private final ThreadPoolExecutor threads;
  private final Map<String, Entry> queries = new LinkedHashMap<>();

  AsyncQueries(ServerSettings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "sharing-server-query");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * A query that is being worked on.
   *
   * @param id what the client polls with
   * @param request the query
   * @param version the version it is about, once it is found
   */
  record AsyncQuery(String id, QueryBody request, CompletableFuture<TableSnapshot> version) {}

  private static final class Entry {
    private final AsyncQuery query;
    private final String submission;
    private final String owner;
    private long expires;

    Entry(AsyncQuery query, String submission, String owner) {
      this.query = query;
      this.submission = submission;
      this.owner = owner;
    }
  }

  /**
   * Starts a query, or finds the one that an earlier try of the same submission started.
   *
   * @return empty when there are too many queries already
   */
  Optional<AsyncQuery> submit(
      Principal principal, SharedTable table, QueryBody request, Supplier<TableSnapshot> find) {
    String submission = submission(principal, table, request);
    AsyncQuery query;
    synchronized (queries) {
      forgetOld();
      for (Entry entry : queries.values()) {
        if (entry.submission.equals(submission)
            && !entry.query.version().isCompletedExceptionally()) {
          touch(entry);
          return Optional.of(entry.query);
        }
      }
      if (queries.size() >= settings.maxAsyncQueries()) {
        return Optional.empty();
      }
      query = new AsyncQuery(UUID.randomUUID().toString(), request, new CompletableFuture<>());
      Entry entry = new Entry(query, submission, owner(principal, table));
      touch(entry);
      queries.put(query.id(), entry);
    }
    query.version().completeAsync(find, threads);
    return Optional.of(query);
  }

  /** The query with an id; a {@link ServerError} 404 when there is none (any more). */
  AsyncQuery find(Principal principal, SharedTable table, String id) {
    synchronized (queries) {
      forgetOld();
      Entry entry = queries.get(id);
      if (entry == null || !entry.owner.equals(owner(principal, table))) {
        throw ServerError.notFound(
            "There is no such query of %s (any more). Query the table again"
                .formatted(table.fullName()));
      }
      touch(entry);
      return entry.query;
    }
  }

  /** Drops a query whose response came at once. */
  void forget(AsyncQuery query) {
    synchronized (queries) {
      queries.remove(query.id());
    }
  }

  private void touch(Entry entry) {
    entry.expires = clock.millis() + settings.asyncQueryTtlMs();
  }

  private void forgetOld() {
    queries.values().removeIf(entry -> entry.expires < clock.millis());
  }

  /** The principal and the table of a query. */
  private static String owner(Principal principal, SharedTable table) {
    return principal.id() + "\n" + table.key();
  }

  /** Equal for two requests of the same query under the same key. */
  private static String submission(Principal principal, SharedTable table, QueryBody request) {
    return String.join(
        "\n",
        owner(principal, table),
        request.idempotencyKey().orElse(""),
        request.fingerprint(),
        request.refreshToken().orElse(""),
        String.valueOf(request.includeRefreshToken()),
        request.maxFiles().toString());
  }
}
