/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Transactions that wait for each other: one of them is done again, and both are done. */
@Tag("unit")
class DeadlockTest {
  private static final String FIRST = "signing-keys";
  private static final String SECOND = "principals";

  @TempDir Path directory;
  private final CountDownLatch both = new CountDownLatch(2);
  private final AtomicInteger attempts = new AtomicInteger();

  private Callable<Boolean> locks(Database database, String one, String other) {
    return () ->
        database.write(
            session -> {
              attempts.incrementAndGet();
              session.lock(one);
              both.countDown();
              try {
                assertThat(both.await(20, TimeUnit.SECONDS)).isTrue();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              session.lock(other);
              return true;
            });
  }

  @ParameterizedTest
  @EnumSource(StoreKind.class)
  void isNoReasonToFail(StoreKind kind) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (Database database = Database.open(kind.config(directory))) {
      List<Future<Boolean>> done =
          threads.invokeAll(
              List.of(locks(database, FIRST, SECOND), locks(database, SECOND, FIRST)));
      for (Future<Boolean> one : done) {
        assertThat(one.get()).isTrue();
      }
      assertThat(attempts.get()).isGreaterThanOrEqualTo(3);
    } finally {
      threads.shutdownNow();
    }
  }
}
