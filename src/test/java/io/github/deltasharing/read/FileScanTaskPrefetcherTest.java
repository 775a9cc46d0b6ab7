/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.storage.DeletionVectorRef;
import io.github.deltasharing.storage.IoStats;
import io.github.deltasharing.storage.SharedFile;
import io.github.deltasharing.storage.SignedUrl;
import io.github.deltasharing.storage.prefetch.ReadAhead;
import io.github.deltasharing.storage.url.SignedUrlAccess;
import io.github.deltasharing.testing.DeletionVectorBytes;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which files are asked for while another one is read. */
@Timeout(60)
@Tag("unit")
class FileScanTaskPrefetcherTest {
  private static final byte[] FILE = new byte[1000];
  private static final byte[] BITMAP = DeletionVectorBytes.bitmap(1, 4, 9);

  private final StubServer store =
      new StubServer().onAnything(request -> StubAnswer.file(request, FILE));
  private ReadAhead ahead;

  @AfterEach
  void close() {
    ahead.close();
    store.close();
  }

  private FileScanTaskPrefetcher splits(Map<String, String> options, int count) {
    HttpSettings http = new SharingReadConf(options, name -> null).http().withLoopbackStores(true);
    ahead = new ReadAhead(new SignedUrlAccess(null, http), http, new IoStats());
    List<FileScanTask> splits = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      splits.add(split(i, null));
    }
    return new FileScanTaskPrefetcher(splits, ahead, (file, split) -> null, false);
  }

  private FileScanTask split(int number, DeletionVectorRef deletions) {
    SharedFile file =
        new SharedFile("s.s.t", "f" + number, new SignedUrl(store.url("/" + number)), FILE.length);
    return new FileScanTask(file, 0, FILE.length, new String[0], deletions);
  }

  private void assertAskedFor(int count) throws InterruptedException {
    store.awaitRequests(count);
    Thread.sleep(50);
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      paths.add("GET /" + i);
    }
    assertThat(store.requests())
        .extracting(Object::toString)
        .containsExactlyInAnyOrderElementsOf(paths);
  }

  /** A LIMIT that has its rows in the first file does not fetch all that there is room for. */
  @Test
  void someAreOpenedAheadAtFirstAndMoreOnceOneIsRead() throws InterruptedException {
    FileScanTaskPrefetcher splits = splits(Map.of(), 200);
    assertThat(splits.next().split().file().id()).isEqualTo("f0");
    assertAskedFor(33);
    assertThat(splits.next().split().file().id()).isEqualTo("f1");
    assertAskedFor(66);
    splits.next().file().close();
    assertAskedFor(67);
  }

  @Test
  void filesAheadTakeHalfOfTheMemory() throws InterruptedException {
    FileScanTaskPrefetcher splits = splits(Map.of("prefetchMemory", "10000"), 30);
    splits.next();
    splits.next();
    assertAskedFor(5);
    splits.next().file().close();
    splits.next();
    assertAskedFor(6);
  }

  @Test
  void withoutMemoryEachIsAskedForWhenItsTurnComes() throws InterruptedException {
    FileScanTaskPrefetcher splits = splits(Map.of("prefetchMemory", "0"), 3);
    for (int i = 1; i <= 3; i++) {
      assertThat(splits.hasNext()).isTrue();
      splits.next();
      assertAskedFor(i);
    }
    assertThat(splits.hasNext()).isFalse();
  }

  @Test
  void deletedRowsComeAheadToo() throws InterruptedException {
    byte[] vectors = DeletionVectorBytes.file(DeletionVectorBytes.framed(BITMAP));
    store.on("/dv", request -> StubAnswer.file(request, vectors));
    SharedFile file =
        new SharedFile(
            "s.s.t", "deletion vector", new SignedUrl(store.url("/dv")), SharedFile.UNKNOWN_SIZE);
    HttpSettings http = SharingReadConf.defaults().http().withLoopbackStores(true);
    ahead = new ReadAhead(new SignedUrlAccess(null, http), http, new IoStats());
    FileScanTaskPrefetcher splits =
        new FileScanTaskPrefetcher(
            List.of(split(0, null), split(1, DeletionVectorRef.stored(file, 1, BITMAP.length, 3))),
            ahead,
            (file1, split) -> null,
            false);
    assertThat(splits.next().rows()).isNull();
    store.awaitRequests(3);
    assertThat(splits.next().rows().get().contains(4)).isFalse();
    assertThat(store.requests()).hasSize(3);
  }
}
