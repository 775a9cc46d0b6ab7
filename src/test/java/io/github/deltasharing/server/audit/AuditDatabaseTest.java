/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.github.deltasharing.server.store.Usage;
import io.github.deltasharing.server.store.UsageStore;
import io.github.deltasharing.testing.MovableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Events in a database: how long they stay, and what servers beside each other add. */
@Tag("unit")
class AuditDatabaseTest {
  private static final AuditFilter ANY =
      new AuditFilter(
          Optional.empty(),
          Optional.empty(),
          Map.of(),
          Optional.empty(),
          Optional.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          Optional.empty());

  @TempDir Path directory;
  private final MovableClock clock = new MovableClock();
  private final AuditStore store = new AuditStore();

  private static AuditEvent event(Instant time, String recipient, String table, long number) {
    return new AuditEvent(
        AuditEvent.newId(time, number, number),
        time,
        1,
        "POST",
        "query",
        Action.READ,
        new Actor(ActorType.RECIPIENT, "id", recipient),
        List.of(
            new Resource("share", "s", ""),
            new Resource("schema", "c", ""),
            new Resource("table", table, "")),
        "",
        0,
        2,
        10,
        200,
        "",
        "127.0.0.1",
        "r" + number,
        Map.of());
  }

  private List<AuditEvent> all(Database database) {
    return database.read(session -> store.page(session, ANY, new Page.Of("", 10_000))).items();
  }

  @ParameterizedTest
  @EnumSource(StoreKind.class)
  void whatIsTooOldOrTooMuchIsDeleted(StoreKind kind) {
    try (Database database = Database.open(kind.config(directory))) {
      AuditDatabase sink = new AuditDatabase(database, Duration.ofDays(10), 200, clock);
      List<AuditEvent> events = new ArrayList<>();
      for (int i = 0; i < 1_300; i++) {
        events.add(event(clock.instant().minus(Duration.ofMinutes(1_300 - i)), "acme", "t", i));
      }
      events.add(event(clock.instant().minus(Duration.ofDays(11)), "acme", "t", 1_301));
      assertThat(sink.keep(events)).isEqualTo(AuditSink.Outcome.KEPT);
      assertThat(sink.prune()).isFalse();
      assertThat(all(database)).hasSize(200).contains(events.get(1_299), events.get(1_100));
      clock.move(Duration.ofDays(10).minusMinutes(100));
      assertThat(sink.prune()).isFalse();
      assertThat(all(database)).hasSize(100);
      clock.move(Duration.ofDays(20));
      sink.prune();
      assertThat(all(database)).isEmpty();
      assertThat(usage(database)).isEmpty();
    }
  }

  private List<Usage> usage(Database database) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    return database.read(
        session ->
            new UsageStore()
                .sums(
                    session,
                    EnumSet.of(UsageStore.Group.RECIPIENT),
                    today.minusDays(100),
                    today,
                    Map.of(),
                    100));
  }

  @ParameterizedTest
  @EnumSource(StoreKind.class)
  void serversThatAddAtOnceLoseNoUse(StoreKind kind) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (Database database = Database.open(kind.config(directory))) {
      AuditDatabase sink = new AuditDatabase(database, Duration.ofDays(10), 100_000, clock);
      List<Future<?>> writers = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        int first = thread * 1_000;
        writers.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 20; i++) {
                    AuditEvent one =
                        event(clock.instant(), "Acme " + i % 3, "table " + i % 5, first + i);
                    while (sink.keep(List.of(one)) != AuditSink.Outcome.KEPT) {
                      assertThat(kind).isEqualTo(StoreKind.H2);
                    }
                  }
                }));
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
      assertThat(all(database)).hasSize(80);
      assertThat(usage(database))
          .hasSize(3)
          .satisfies(
              sums -> {
                assertThat(sums.stream().mapToLong(Usage::requests).sum()).isEqualTo(80);
                assertThat(sums.stream().mapToLong(Usage::files).sum()).isEqualTo(160);
                assertThat(sums.stream().mapToLong(Usage::bytes).sum()).isEqualTo(800);
              });
    } finally {
      threads.shutdownNow();
    }
  }
}
