/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage.url;

import static io.github.deltasharing.storage.StorageFixture.PATH;
import static io.github.deltasharing.storage.StorageFixture.bytes;
import static io.github.deltasharing.storage.StorageFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.error.TransientSharingException;
import io.github.deltasharing.http.ResponseBody;
import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.storage.IoStats;
import io.github.deltasharing.storage.PrimedFile;
import io.github.deltasharing.storage.RangeReader;
import io.github.deltasharing.storage.SharedFile;
import io.github.deltasharing.storage.SignedUrl;
import io.github.deltasharing.storage.StorageFixture;
import io.github.deltasharing.testing.Blocked;
import io.github.deltasharing.testing.SocketServer;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubRequest;
import io.github.deltasharing.testing.StubServer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that stops sending in the middle of a data file. */
class StalledStoreTest {
  private static final Duration BOX = Duration.ofSeconds(60);
  private static final byte[] FILE = bytes(3_000_000);
  private static final int TAIL = FILE.length - (int) PrimedFile.TAIL_BYTES;

  private final StubServer store = StorageFixture.store(FILE);
  private final IoStats stats = new IoStats();

  @AfterEach
  void close() {
    store.close();
  }

  private RangeReader reader(String... options) {
    return StorageFixture.reader(StorageFixture.file(store, FILE.length), settings(options), stats);
  }

  /** Of the requests that {@code from} is true of, the first {@code times} stall. */
  private void stall(int times, int after, int from) {
    AtomicInteger stalled = new AtomicInteger();
    store.on(
        PATH,
        request -> {
          StubAnswer answer = StubAnswer.file(request, FILE);
          return request.header("Range").startsWith("bytes=" + from + "-")
                  && stalled.getAndIncrement() < times
              ? answer.stallAfter(after)
              : answer;
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 50_000, 65_535})
  void aTailThatStallsIsResumedWhereItStopped(int after) {
    stall(1, after, TAIL);
    assertTimeoutPreemptively(
        BOX,
        () -> {
          try (PrimedFile file = new PrimedFile(reader("timeout", "1s"))) {
            assertRead(file, TAIL, FILE.length);
          }
        });
    assertThat(StorageFixture.ranges(store)).contains("bytes=" + (TAIL + after) + "-2999999");
    assertThat(stats.bytesFetched()).isEqualTo(FILE.length - TAIL);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1_000_000})
  void aPlannedRangeThatStallsIsResumedWhereItStopped(int after) {
    stall(1, after, 100);
    assertTimeoutPreemptively(
        BOX,
        () -> {
          try (PrimedFile file = new PrimedFile(reader("timeout", "1s"))) {
            file.plan(List.of(new PrimedFile.Range(100, 2_000_000)));
            assertRead(file, 100, 2_000_000);
          }
        });
    assertThat(StorageFixture.ranges(store)).contains("bytes=" + (100 + after) + "-1999999");
  }

  @Test
  void aBodyThatAlwaysStallsIsOneClearError() {
    store.on(PATH, request -> StubAnswer.file(request, FILE).stallAfter(0));
    TransientSharingException e =
        assertTimeoutPreemptively(
            BOX,
            () ->
                catchThrowableOfType(
                    TransientSharingException.class,
                    () -> reader("timeout", "500ms", "numRetries", "2").read(0, 1000)));
    assertThat(e)
        .hasMessageContaining(
            "Reading share.schema.table failed: file id-1 on " + store.authority())
        .hasMessageContaining("the response stopped for longer than the option 'timeout'")
        .hasMessageNotContaining("canary");
    assertThat(store.requests()).hasSize(3);
  }

  @Test
  void aStoreThatSendsALittleAndStallsIsGivenUpWithinTheTimeBudget() {
    store.on(PATH, request -> StubAnswer.file(request, FILE).stallAfter(10));
    SharingException e =
        assertTimeoutPreemptively(
            BOX,
            () ->
                catchThrowableOfType(
                    SharingException.class,
                    () -> reader("timeout", "500ms", "maxRetryDuration", "2s").read(0, 100_000)));
    assertThat(e)
        .isExactlyInstanceOf(SharingException.class)
        .hasMessageContaining("the response stopped for longer than the option 'timeout'")
        .hasMessageContaining("longer than the option 'maxRetryDuration'");
    assertThat(store.requests().size()).isBetween(3, 8);
  }

  @Test
  void aStoreThatTricklesIsGivenUpWithinTheTimeBudget() {
    try (SocketServer trickle =
        new SocketServer(
            connection -> {
              SocketServer.head(connection);
              SocketServer.send(connection, "HTTP/1.1 200 OK\nContent-Length: 3000000\n\n");
              while (true) {
                connection.getOutputStream().write(1);
                Thread.sleep(20);
              }
            })) {
      SharedFile file =
          new SharedFile(
              "share.schema.table",
              "id-1",
              new SignedUrl("http://127.0.0.1:" + trickle.port() + "/f?sig=canary"),
              FILE.length);
      HttpSettings settings = settings("timeout", "300ms", "maxRetryDuration", "1s");
      SharingException e =
          assertTimeoutPreemptively(
              BOX,
              () ->
                  catchThrowableOfType(
                      SharingException.class,
                      () -> StorageFixture.reader(file, settings, stats).read(0, 100_000)));
      assertThat(e)
          .isExactlyInstanceOf(SharingException.class)
          .hasMessageContaining("slower than 1 KiB a second for longer than the option 'timeout'")
          .hasMessageContaining("longer than the option 'maxRetryDuration'")
          .hasMessageNotContaining("canary");
      assertThat(trickle.connections()).isBetween(2, 10);
    }
  }

  @Test
  void anInterruptEndsTheWaitInABodyAtOnceWithoutRetries() throws Exception {
    stall(9, 500, 100);
    try (Blocked call = new Blocked(() -> reader().read(100, 2_000_000))) {
      Blocked.End end = call.awaitIn(ResponseBody.class).interrupt().end(2);
      assertThat(end.failure())
          .isExactlyInstanceOf(SharingException.class)
          .hasMessage("Reading file id-1 of share.schema.table was interrupted.");
      assertThat(end.interrupted()).as("interrupt flag").isTrue();
    }
    assertThat(store.requests()).hasSize(1);
  }

  @Test
  void rangesReadToTheirEndShareAConnection() {
    for (int i = 0; i < 5; i++) {
      assertThat(reader().read(i, 1_000_000)).hasSize(1_000_000 - i);
    }
    assertThat(store.requests().stream().map(StubRequest::remotePort).distinct()).hasSize(1);
  }

  private static void assertRead(PrimedFile file, int start, int end) {
    byte[] read = new byte[end - start];
    for (int done = 0; done < read.length; ) {
      done += file.read(start + done, read, done, read.length - done);
    }
    assertThat(read).isEqualTo(Arrays.copyOfRange(FILE, start, end));
  }
}
