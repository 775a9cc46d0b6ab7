/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.table.DeletionVector;
import io.github.deltasharing.testing.DeletionVectorBytes;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One request for a deletion vector, whatever number of tasks needs it; a bounded memory of them.
 */
@Tag("unit")
class DeletionVectorsTest {
  private static final byte[] BITMAP = DeletionVectorBytes.bitmap(1, 4, 9);
  private static final byte[] FILE = DeletionVectorBytes.file(DeletionVectorBytes.framed(BITMAP));

  private final StubServer store = new StubServer();
  private static final int BOUND = 20_000;

  private final DeletionVectors vectors = new DeletionVectors(BOUND);
  private final SharedFile data =
      new SharedFile("share.schema.table", "f1", new SignedUrl(store.url("/f1?sig=canary")), 9);

  @AfterEach
  void stop() {
    store.close();
  }

  private DeletionVectorRef ref(String path) {
    SharedFile file =
        new SharedFile(
            "share.schema.table",
            "deletion vector of f1",
            new SignedUrl(store.url(path + "?sig=canary")),
            SharedFile.UNKNOWN_SIZE);
    return DeletionVectorRef.stored(file, 1, BITMAP.length, 3);
  }

  private DeletionVector load(DeletionVectorRef ref) {
    return vectors.load(
        ref,
        data,
        StorageFixture.access(StorageFixture.settings("numRetries", "0")),
        new IoStats());
  }

  @ParameterizedTest
  @ValueSource(ints = {1 << 29, Integer.MAX_VALUE})
  void aVectorThatClaimsMoreThanTheHeapMayHoldIsNotAskedFor(int claimed) {
    DeletionVectorRef ref = DeletionVectorRef.stored(ref("/dv").file(), 1, claimed, 3);
    assertThatThrownBy(() -> load(ref))
        .isExactlyInstanceOf(SharingException.class)
        .hasMessageContaining("file f1 on " + store.authority())
        .hasMessageContaining("it claims " + claimed + " bytes, over the limit of")
        .hasMessageNotContaining("canary");
    assertThat(store.requests()).isEmpty();
  }

  @Test
  void concurrentTasksShareOneRequest() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    store.on(
        "/dv",
        request -> {
          await(asked);
          return StubAnswer.file(request, FILE);
        });
    ExecutorService tasks = Executors.newFixedThreadPool(8);
    try {
      List<Future<DeletionVector>> results = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        results.add(tasks.submit(() -> load(ref("/dv"))));
      }
      store.awaitRequests(1);
      asked.countDown();
      DeletionVector first = results.get(0).get(20, TimeUnit.SECONDS);
      assertThat(first.isDeleted(4)).isTrue();
      for (Future<DeletionVector> result : results) {
        assertThat(result.get(20, TimeUnit.SECONDS)).isSameAs(first);
      }
    } finally {
      tasks.shutdownNow();
    }
    assertThat(StorageFixture.ranges(store)).containsExactly("bytes=1-" + (FILE.length - 1));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aFailureIsNotKept() {
    byte[] damaged = FILE.clone();
    damaged[20] ^= 1;
    store.on(
        "/dv",
        StubAnswer.status(403),
        StubAnswer.status(200).withBody(damaged),
        StubAnswer.status(200).withBody(FILE));
    assertThatThrownBy(() -> load(ref("/dv")))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("HTTP 403");
    assertThatThrownBy(() -> load(ref("/dv")))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("share.schema.table")
        .hasMessageContaining("checksum");
    assertThat(load(ref("/dv")).cardinality()).isEqualTo(3);
    assertThat(load(ref("/dv")).cardinality()).isEqualTo(3);
    assertThat(store.requests()).hasSize(3);
  }

  /** An error of the JVM's must not leave other tasks waiting for ever. */
  @Test
  void anErrorIsNotKeptEither() {
    assertThatThrownBy(
            () ->
                vectors.get(
                    ref("/dv"),
                    () -> {
                      throw new OutOfMemoryError("as scripted");
                    }))
        .isInstanceOf(OutOfMemoryError.class);
    store.on("/dv", request -> StubAnswer.file(request, FILE));
    assertThat(load(ref("/dv")).cardinality()).isEqualTo(3);
  }

  @Test
  void theLastUsedAreKeptUpToABound() {
    store.onAnything(request -> StubAnswer.file(request, FILE));
    int fit = BOUND / (DeletionVectors.ENTRY_BYTES + BITMAP.length + DeletionVector.FRAME_BYTES);
    for (int i = 0; i < fit; i++) {
      load(ref("/" + i));
    }
    load(ref("/0"));
    assertThat(store.requests()).hasSize(fit);
    load(ref("/more"));
    load(ref("/0"));
    assertThat(store.requests()).as("0 was used last").hasSize(fit + 1);
    load(ref("/1"));
    assertThat(store.requests()).as("1 was used least").hasSize(fit + 2);
  }

  @Test
  void oneThatIsGreaterThanTheBoundIsLoadedAllTheSame() {
    DeletionVectors tiny = new DeletionVectors(1);
    store.onAnything(request -> StubAnswer.file(request, FILE));
    for (String path : List.of("/a", "/b")) {
      DeletionVector vector =
          tiny.load(
              ref(path), data, StorageFixture.access(StorageFixture.settings()), new IoStats());
      assertThat(vector.cardinality()).isEqualTo(3);
    }
  }

  /** Those of a few bytes count for what they take in memory. */
  @Test
  void tinyVectorsAreDroppedToo() {
    store.onAnything(request -> StubAnswer.file(request, FILE));
    for (int i = 0; i < 30; i++) {
      load(ref("/" + i));
    }
    load(ref("/29"));
    assertThat(store.requests()).hasSize(30);
    load(ref("/0"));
    assertThat(store.requests()).hasSize(31);
  }

  /** A store may tell files apart by the query alone. */
  @Test
  void urlsThatDifferInTheirQueryAreDifferentFiles() {
    byte[] other = DeletionVectorBytes.framed(DeletionVectorBytes.bitmap(2, 5, 8));
    store.on(
        "/get",
        request ->
            StubAnswer.file(
                request,
                request.target().contains("file=a") ? FILE : DeletionVectorBytes.file(other)));
    DeletionVectorRef a = query("/get?file=a&sig=canary");
    DeletionVectorRef b = query("/get?file=b&sig=canary");
    assertThat(load(a).isDeleted(4)).isTrue();
    assertThat(load(b).isDeleted(4)).isFalse();
    assertThat(load(b).isDeleted(5)).isTrue();
  }

  private DeletionVectorRef query(String target) {
    SharedFile file =
        new SharedFile(
            "share.schema.table", "dv", new SignedUrl(store.url(target)), SharedFile.UNKNOWN_SIZE);
    return DeletionVectorRef.stored(file, 1, BITMAP.length, 3);
  }
}
