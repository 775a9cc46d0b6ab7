/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage.prefetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.storage.IoStats;
import io.github.deltasharing.storage.StorageFixture;
import io.github.deltasharing.storage.prefetch.FetchPool.Rank;
import io.github.deltasharing.testing.StubServer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is served when not all can be. */
@Timeout(60)
@Tag("unit")
class FetchPoolTest {
  private final FetchPool pool = new FetchPool();
  private final List<String> order = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch start = new CountDownLatch(1);

  private static ReadAhead task() {
    HttpSettings http = StorageFixture.settings();
    return new ReadAhead(StorageFixture.access(http), http, new IoStats());
  }

  private Fetch<String> fetch(String name) {
    try (StubServer none = new StubServer()) {
      return new Fetch<>(
          task(),
          this,
          StorageFixture.file(none, 1),
          1,
          () -> {
            start.await(20, TimeUnit.SECONDS);
            order.add(name);
            return name;
          });
    }
  }

  private void submit(FetchPool.TaskQueue queue, Rank rank, String name) {
    pool.submit(queue, rank, fetch(name));
  }

  private void runAll() throws InterruptedException {
    start.countDown();
    while (pool.running() > 0) {
      Thread.sleep(2);
    }
  }

  @Test
  void aTaskThatComesLaterIsNotKeptWaitingByOneWithMuchToRead() throws Exception {
    FetchPool.TaskQueue much = new FetchPool.TaskQueue(1);
    FetchPool.TaskQueue later = new FetchPool.TaskQueue(1);
    for (int i = 0; i < 4; i++) {
      submit(much, Rank.PLANNED, "much" + i);
    }
    for (int i = 0; i < 3; i++) {
      submit(later, Rank.NEXT_FILES, "later" + i);
    }
    runAll();
    assertThat(order)
        .containsExactly("much0", "much1", "later0", "much2", "later1", "much3", "later2");
  }

  @Test
  void whatIsNeededNowOvertakesWhatIsNeededLater() throws Exception {
    FetchPool.TaskQueue queue = new FetchPool.TaskQueue(1);
    submit(queue, Rank.NEEDED, "running");
    submit(queue, Rank.NEXT_FILES, "next");
    submit(queue, Rank.PLANNED, "this");
    submit(queue, Rank.PLANNED, "this too");
    submit(queue, Rank.NEEDED, "now");
    runAll();
    assertThat(order).containsExactly("running", "now", "this", "this too", "next");
  }

  @Test
  void whatIsForgottenNeverRuns() throws Exception {
    FetchPool.TaskQueue queue = new FetchPool.TaskQueue(1);
    submit(queue, Rank.NEEDED, "running");
    submit(queue, Rank.NEEDED, "forgotten");
    pool.forget(queue);
    runAll();
    assertThat(order).containsExactly("running");
  }

  /** A cancelled fetch's interrupt must not hit the next one in its thread. */
  @Test
  void anInterruptStaysWithItsFetch() throws Exception {
    FetchPool.TaskQueue queue = new FetchPool.TaskQueue(1);
    Fetch<String> first = fetch("first");
    Fetch<String> second = fetch("second");
    pool.submit(queue, Rank.NEEDED, first);
    pool.submit(queue, Rank.NEEDED, second);
    first.cancel(true);
    start.countDown();
    assertThat(second.await()).isEqualTo("second");
  }

  @Test
  void threadsAreDaemonsWithNothingOfTheTaskThatStartedThem() throws Exception {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    Thread.currentThread().setContextClassLoader(new ClassLoader() {});
    List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
    try (StubServer none = new StubServer()) {
      Fetch<Boolean> fetch =
          new Fetch<>(
              task(),
              this,
              StorageFixture.file(none, 1),
              1,
              () -> threads.add(Thread.currentThread()));
      pool.submit(new FetchPool.TaskQueue(1), Rank.NEEDED, fetch);
      fetch.await();
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
    Thread thread = threads.get(0);
    assertThat(thread.isDaemon()).isTrue();
    assertThat(thread.getName()).startsWith("delta-sharing-fetch-");
    assertThat(thread.getContextClassLoader()).isSameAs(FetchPool.class.getClassLoader());
  }
}
