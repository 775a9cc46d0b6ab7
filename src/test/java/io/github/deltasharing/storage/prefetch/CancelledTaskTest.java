/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage.prefetch;

import static io.github.deltasharing.storage.StorageFixture.PATH;
import static io.github.deltasharing.storage.StorageFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.storage.DeletionVectorRef;
import io.github.deltasharing.storage.IoStats;
import io.github.deltasharing.storage.PrimedFile;
import io.github.deltasharing.storage.SharedFile;
import io.github.deltasharing.storage.StorageFixture;
import io.github.deltasharing.storage.TaskWaits;
import io.github.deltasharing.testing.Blocked;
import io.github.deltasharing.testing.DeletionVectorBytes;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubServer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tasks that were cancelled, and whose threads nobody interrupts, while they wait for the store.
 */
@Timeout(60)
@Tag("unit")
class CancelledTaskTest {
  private static final int SIZE = 3_000_000;

  private final StubServer store = new StubServer();
  private final AtomicBoolean cancelled = new AtomicBoolean();

  @AfterEach
  void close() {
    store.close();
  }

  private void assertEnds(HttpSettings http, Class<?> waitsIn, Reading reading) throws Exception {
    // Other tests of the same JVM may have left tasks behind that never ended.
    int before = CancelWatch.shared().size();
    ReadAhead ahead =
        new ReadAhead(StorageFixture.access(http), http, new IoStats(), cancelled::get);
    try (Blocked task = new Blocked(() -> reading.read(ahead))) {
      task.awaitIn(waitsIn);
      store.awaitRequests(1);
      cancelled.set(true);
      Blocked.End end = task.end(5);
      assertThat(end.failure())
          .isExactlyInstanceOf(SharingException.class)
          .hasMessageContaining("interrupted");
      assertThat(end.interrupted()).as("interrupt flag, which is Spark's").isFalse();
    }
    ahead.close();
    assertThat(CancelWatch.shared().size()).isEqualTo(before);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (FetchPool.shared().running() > 0 && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(FetchPool.shared().running()).isZero();
  }

  private interface Reading {
    void read(ReadAhead ahead);
  }

  private static HttpSettings http(String memory, String... more) {
    String[] all = {"prefetchMemory", memory, "retrySleepInterval", "1h", "maxRetryDuration", "9h"};
    return settings(more.length == 0 ? java.util.Arrays.copyOf(all, 2) : all);
  }

  private void readFile(ReadAhead ahead) {
    try (PrimedFile file = ahead.open(StorageFixture.file(store, SIZE))) {
      file.read(0, new byte[10], 0, 10);
      file.read(SIZE - 10, new byte[10], 0, 10);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "64m"})
  void whileItWaitsForAnAnswer(String memory) throws Exception {
    store.on(PATH, StubAnswer.hang());
    assertEnds(http(memory), waiting(memory), this::readFile);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "64m"})
  void whileItWaitsForABody(String memory) throws Exception {
    byte[] bytes = new byte[SIZE];
    store.on(PATH, request -> StubAnswer.file(request, bytes).stallAfter(5));
    assertEnds(http(memory), waiting(memory), this::readFile);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "64m"})
  void whileItWaitsToTryAgain(String memory) throws Exception {
    store.on(PATH, StubAnswer.status(503));
    assertEnds(http(memory, "slow"), waiting(memory), this::readFile);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "64m"})
  void whileItWaitsForADeletionVector(String memory) throws Exception {
    store.on(PATH, StubAnswer.hang());
    byte[] bitmap = DeletionVectorBytes.bitmap(1, 4, 9);
    SharedFile data = StorageFixture.file(store, SIZE);
    SharedFile file =
        new SharedFile("share.schema.table", "dv", data.url(), SharedFile.UNKNOWN_SIZE);
    DeletionVectorRef ref = DeletionVectorRef.stored(file, 1, bitmap.length, 3);
    assertEnds(
        http(memory),
        waiting(memory),
        ahead -> assertThat(ahead.deletions(ref, data).get()).isNotNull());
  }

  private static Class<?> waiting(String memory) {
    return memory.equals("0") ? TaskWaits.class : Fetch.class;
  }
}
