/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.server.audit.AuditSink.Outcome;
import io.github.deltasharing.server.store.AuditEvent;
import io.github.deltasharing.testing.LogCapture;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Events on their way to the database. */
@Tag("unit")
class AuditWriterTest {
  private final AuditEvents events = new AuditEvents(id -> "");
  private final List<String> kept = Collections.synchronizedList(new ArrayList<>());

  private AuditEvent event(String name) {
    return events.gap(Instant.EPOCH, name, 1);
  }

  /** Keeps what a function says that it keeps. */
  private AuditSink sink(Function<List<AuditEvent>, Outcome> outcome) {
    return new AuditSink() {
      @Override
      public Outcome keep(List<AuditEvent> batch) {
        Outcome result = outcome.apply(batch);
        if (result == Outcome.KEPT) {
          batch.forEach(event -> kept.add(event.more().get("missing_in")));
        }
        return result;
      }

      @Override
      public boolean prune() {
        return false;
      }
    };
  }

  @Test
  void whoAddsNeverWaitsAndWhatHasNoRoomIsCounted() throws Exception {
    CountDownLatch taken = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    LinkedBlockingQueue<Long> missing = new LinkedBlockingQueue<>();
    AuditSink slow =
        sink(
            batch -> {
              taken.countDown();
              try {
                go.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return Outcome.KEPT;
            });
    try (LogCapture log = LogCapture.of(AuditWriter.class, Level.WARN);
        AuditWriter writer = new AuditWriter(slow, 3, missing::add)) {
      writer.add(event("0"));
      taken.await();
      for (int i = 1; i <= 8; i++) {
        writer.add(event("" + i));
      }
      go.countDown();
      assertThat(missing.poll(30, TimeUnit.SECONDS)).isEqualTo(5);
      writer.flush();
      assertThat(kept).containsExactly("0", "1", "2", "3");
      assertThat(log.lines()).hasSize(1).first().asString().contains("5 are in no database");
    }
  }

  @Test
  void whatIsRefusedTogetherIsKeptOneByOne() throws Exception {
    LinkedBlockingQueue<Long> missing = new LinkedBlockingQueue<>();
    CountDownLatch all = new CountDownLatch(1);
    AuditSink picky =
        sink(
            batch -> {
              try {
                all.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              if (batch.stream().anyMatch(one -> one.more().get("missing_in").equals("bad"))) {
                throw new IllegalStateException("no");
              }
              return Outcome.KEPT;
            });
    try (AuditWriter writer = new AuditWriter(picky, 100, missing::add)) {
      List.of("a", "b", "bad", "c").forEach(name -> writer.add(event(name)));
      all.countDown();
      writer.flush();
      assertThat(kept).containsExactlyInAnyOrder("a", "b", "c");
      assertThat(missing.poll(30, TimeUnit.SECONDS)).isEqualTo(1);
    }
  }

  @Test
  void whatIsOnItsWayAtTheStopIsKept() {
    AuditWriter writer = new AuditWriter(sink(batch -> Outcome.KEPT), 10_000, lost -> {});
    for (int i = 0; i < 5_000; i++) {
      writer.add(event("" + i));
    }
    writer.close();
    assertThat(kept).hasSize(5_000);
  }

  @Test
  void theStopDoesNotWaitForADatabaseThatIsGone() {
    try (LogCapture log = LogCapture.of(AuditWriter.class, Level.WARN)) {
      AuditWriter writer = new AuditWriter(sink(batch -> Outcome.LATER), 10, lost -> {});
      writer.add(event("a"));
      writer.close();
      assertThat(log.lines()).last().asString().contains("1 events of the audit are not in");
    }
  }

  @Test
  void anInterruptOfWhoStopsTakesNoTimeFromWhatIsOnItsWay() {
    CountDownLatch go = new CountDownLatch(1);
    AuditSink slow =
        sink(
            batch -> {
              try {
                go.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return Outcome.KEPT;
            });
    AuditWriter writer = new AuditWriter(slow, 10, lost -> {});
    writer.add(event("a"));
    Thread stops = Thread.currentThread();
    Thread helper =
        new Thread(
            () -> {
              while (stops.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
              }
              go.countDown();
            });
    helper.setDaemon(true);
    stops.interrupt();
    helper.start();
    writer.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(kept).containsExactly("a");
  }

  @Test
  void anErrorDoesNotEndTheThread() throws Exception {
    AtomicBoolean full = new AtomicBoolean(true);
    AuditSink sink =
        sink(
            batch -> {
              if (full.get()) {
                throw new OutOfMemoryError("as if");
              }
              return Outcome.KEPT;
            });
    try (LogCapture log = LogCapture.of(AuditWriter.class, Level.WARN);
        AuditWriter writer = new AuditWriter(sink, 10, lost -> {})) {
      writer.add(event("a"));
      writer.flush();
      full.set(false);
      writer.add(event("b"));
      writer.flush();
      assertThat(kept).containsExactly("b");
      assertThat(log.lines()).first().asString().contains("as if");
    }
  }
}
