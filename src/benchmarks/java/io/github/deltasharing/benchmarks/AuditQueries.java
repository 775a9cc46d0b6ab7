/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.benchmarks;

import io.github.deltasharing.server.store.AuditEvent;
import io.github.deltasharing.server.store.AuditEvent.Action;
import io.github.deltasharing.server.store.AuditEvent.Actor;
import io.github.deltasharing.server.store.AuditEvent.ActorType;
import io.github.deltasharing.server.store.AuditEvent.Resource;
import io.github.deltasharing.server.store.AuditFilter;
import io.github.deltasharing.server.store.AuditStore;
import io.github.deltasharing.server.store.Database;
import io.github.deltasharing.server.store.Page;
import io.github.deltasharing.server.store.StoreKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A page of the audit by what it is about, of 1,000,000 events or as many as the argument says:
 * beside the newest page, the yardstick. {@code -Dbenchmarks.main=AuditQueries}.
 */
public final class AuditQueries {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final int BATCH = 1_000;
  private static final int SHOTS = 9;
  private static final int PAGE = 100;

  /** The number of the next event. */
  private static int next;

  private AuditQueries() {}

  public static void main(String[] args) throws Exception {
    Path directory = Files.createDirectories(Path.of(args[0], "audit")).toAbsolutePath();
    int events = args.length > 1 ? Integer.parseInt(args[1]) : 1_000_000;
    System.out.println("| Store | Page of 100 | Events of it | ms, median | / the newest |");
    System.out.println("|---|---|---|---|---|");
    for (StoreKind kind : StoreKind.values()) {
      Path place = Files.createTempDirectory(directory, "store");
      try (Database database = Database.open(kind.config(place))) {
        long start = System.nanoTime();
        fill(database, events);
        System.err.printf("%s: filled in %.0f s%n", kind, (System.nanoTime() - start) / 1e9);
        double newest = 0;
        for (Map.Entry<String, AuditFilter> filter : filters(events).entrySet()) {
          Result result = measure(database, filter.getValue());
          newest = newest == 0 ? result.millis() : newest;
          System.out.printf(
              "| %s | %s | %d | %.2f | %.1f |%n",
              kind, filter.getKey(), result.size(), result.millis(), result.millis() / newest);
        }
      }
    }
    System.exit(0);
  }

  /** A page's events, and how long it took. */
  private record Result(int size, double millis) {}

  private static Result measure(Database database, AuditFilter filter) {
    AuditStore store = new AuditStore();
    double[] millis = new double[SHOTS];
    int size = 0;
    for (int i = -2; i < SHOTS; i++) {
      // H2 keeps the result of a query until something changes.
      add(database, List.of(event(next++)));
      long start = System.nanoTime();
      Page<AuditEvent> page =
          database.read(session -> store.page(session, filter, new Page.Of("", PAGE)));
      size = page.items().size();
      if (i >= 0) {
        millis[i] = (System.nanoTime() - start) / 1e6;
      }
    }
    Arrays.sort(millis);
    return new Result(size, millis[SHOTS / 2]);
  }

  private static Map<String, AuditFilter> filters(int events) {
    Instant middle = START.plusSeconds(events / 2);
    Map<String, AuditFilter> filters = new LinkedHashMap<>();
    filters.put("the newest", filter(null, null, Map.of(), null, 0, null, null));
    filters.put(
        "an hour", filter(middle, middle.plus(Duration.ofHours(1)), Map.of(), null, 0, null, null));
    filters.put("a recipient", filter(null, null, Map.of("recipient", "r7"), null, 0, null, null));
    filters.put(
        "a rare recipient", filter(null, null, Map.of("recipient", "rare"), null, 0, null, null));
    filters.put("a table", filter(null, null, Map.of("table", "t7"), null, 0, null, null));
    filters.put(
        "a recipient and a table that it never reads",
        filter(null, null, Map.of("recipient", "r7", "table", "t8"), null, 0, null, null));
    filters.put("failures", filter(null, null, Map.of(), null, 0, true, null));
    filters.put(
        "status 507, of which there is none", filter(null, null, Map.of(), null, 507, null, null));
    filters.put("a rare operation", filter(null, null, Map.of(), "rotateToken", 0, null, null));
    filters.put(
        "a kind of action that is rare",
        filter(null, null, Map.of(), null, 0, null, Action.DELETE));
    return filters;
  }

  private static AuditFilter filter(
      Instant from,
      Instant to,
      Map<String, String> names,
      String operation,
      int status,
      Boolean failed,
      Action action) {
    return new AuditFilter(
        Optional.ofNullable(from),
        Optional.ofNullable(to),
        names,
        Optional.ofNullable(operation),
        Optional.ofNullable(action),
        status == 0 ? OptionalInt.empty() : OptionalInt.of(status),
        Optional.ofNullable(failed),
        Optional.empty());
  }

  private static void fill(Database database, int events) {
    for (int first = 0; first < events; first += BATCH) {
      List<AuditEvent> batch = new ArrayList<>(BATCH);
      for (int i = first; i < Math.min(events, first + BATCH); i++) {
        batch.add(event(i));
      }
      add(database, batch);
    }
    next = events;
  }

  private static void add(Database database, List<AuditEvent> events) {
    database.write(
        session -> {
          new AuditStore().add(session, events);
          return null;
        });
  }

  /** One a second; a recipient reads the table of its number; one of 1,000 fails. */
  private static AuditEvent event(int number) {
    Instant time = START.plusSeconds(number);
    boolean rare = number % 250_000 == 11;
    int client = number % 50;
    return new AuditEvent(
        AuditEvent.newId(time, number, number),
        time,
        12,
        "POST",
        rare ? "rotateToken" : "query",
        rare ? Action.DELETE : Action.READ,
        new Actor(ActorType.RECIPIENT, "id" + client, rare ? "rare" : "r" + client),
        List.of(
            new Resource("share", "s", ""),
            new Resource("schema", "c", ""),
            new Resource("table", "t" + client, "")),
        "",
        3,
        20,
        123_456,
        number % 1_000 == 17 ? 404 : 200,
        "",
        "192.0.2.7",
        "request-" + number,
        Map.of("userAgent", "Delta-Sharing-Spark/3.3 Apache-Spark/3.5.7"));
  }
}
