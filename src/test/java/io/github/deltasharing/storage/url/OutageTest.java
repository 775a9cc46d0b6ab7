/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage.url;

import static io.github.deltasharing.storage.StorageFixture.PATH;
import static io.github.deltasharing.storage.StorageFixture.bytes;
import static io.github.deltasharing.storage.StorageFixture.file;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.http.RetryPolicy;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.storage.IoStats;
import io.github.deltasharing.storage.RangeReader;
import io.github.deltasharing.storage.StorageFixture;
import io.github.deltasharing.testing.LogCapture;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubRequest;
import io.github.deltasharing.testing.StubServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A store that is out under 64 tasks of one process, with the options as they are by default. */
@Tag("unit")
@Timeout(60)
class OutageTest {
  private static final int TASKS = 64;

  /** Retries a second, and at once: docs/network.md names them. */
  private static final int PER_SECOND = 10;

  private static final int BURST = 20;

  private static final byte[] FILE = bytes(64_000);

  private final ConcurrentLinkedQueue<Long> refusedAt = new ConcurrentLinkedQueue<>();
  private volatile long outUntil;

  private final StubServer store = new StubServer().on(PATH, this::answer);

  private StubAnswer answer(StubRequest request) {
    long now = System.nanoTime();
    if (now < outUntil) {
      refusedAt.add(now);
      return StubAnswer.status(503);
    }
    return StubAnswer.file(request, FILE);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void isNotAmplifiedAndAllTasksEndRight() throws Exception {
    outlast(Duration.ofSeconds(6));
  }

  private void outlast(Duration outage) throws Exception {
    ExecutorService tasks = Executors.newFixedThreadPool(TASKS);
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    long start = System.nanoTime();
    outUntil = start + outage.toNanos();
    try (LogCapture log = LogCapture.of(RetryPolicy.class, Level.WARN)) {
      for (int i = 0; i < TASKS; i++) {
        int from = i * 1_000;
        ends.add(CompletableFuture.runAsync(() -> read(from), tasks));
      }
      ends.forEach(CompletableFuture::join);
      long late = (System.nanoTime() - outUntil) / 1_000_000;
      System.out.println("The last task ended " + late + " ms after the outage.");
      assertThat(late).isLessThan(12_000);
      assertThat(log.lines()).hasSize(1);
    } finally {
      tasks.shutdownNow();
    }
    Map<Long, Long> perSecond =
        refusedAt.stream()
            .collect(
                Collectors.groupingBy(at -> (at - start) / 1_000_000_000, Collectors.counting()));
    System.out.println("Requests in each second of the outage: " + new TreeMap<>(perSecond));
    assertThat(perSecond.get(0L)).isLessThanOrEqualTo(TASKS + BURST + PER_SECOND);
    // What the burst left is spent in the second that follows.
    assertThat(perSecond.getOrDefault(1L, 0L)).isLessThanOrEqualTo(BURST + PER_SECOND + 1L);
    assertThat(perSecond.entrySet())
        .filteredOn(second -> second.getKey() > 1)
        .as("requests in each second, %s", perSecond)
        .isNotEmpty()
        .allMatch(second -> second.getValue() <= PER_SECOND + 1);
  }

  private void read(int from) {
    RangeReader reader =
        StorageFixture.reader(
            file(store, FILE.length),
            SharingReadConf.defaults().http().withLoopbackStores(true),
            new IoStats());
    assertThat(reader.read(from, from + 1_000))
        .isEqualTo(Arrays.copyOfRange(FILE, from, from + 1_000));
  }
}
