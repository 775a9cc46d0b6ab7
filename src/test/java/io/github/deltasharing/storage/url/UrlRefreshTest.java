/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage.url;

import static io.github.deltasharing.storage.StorageFixture.PATH;
import static io.github.deltasharing.storage.StorageFixture.bytes;
import static io.github.deltasharing.storage.StorageFixture.ranges;
import static io.github.deltasharing.storage.StorageFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.storage.IoStats;
import io.github.deltasharing.storage.RangeReader;
import io.github.deltasharing.storage.SharedFile;
import io.github.deltasharing.storage.SignedUrl;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubRequest;
import io.github.deltasharing.testing.StubServer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a read when its URL grows old: at the store, and at the one who gives URLs. */
@Timeout(60)
@Tag("unit")
class UrlRefreshTest {
  private static final byte[] FILE = bytes(10_000);
  private static final byte[] PART = Arrays.copyOfRange(FILE, 100, 200);

  /** Signatures that the store accepts. */
  private final Set<String> alive = ConcurrentHashMap.newKeySet();

  private final StubServer store =
      new StubServer()
          .onAnything(
              request ->
                  alive.contains(signature(request))
                      ? StubAnswer.file(request, FILE)
                      : StubAnswer.status(403));
  private final IoStats stats = new IoStats();
  private final AtomicLong now = new AtomicLong(1_000);
  private final UrlCache cache = new UrlCache(2, now::get);
  private final Giver giver = new Giver();

  @AfterEach
  void close() {
    store.close();
  }

  private static String signature(StubRequest request) {
    return request.target().substring(request.target().indexOf("sig=") + "sig=".length());
  }

  private List<String> signatures() {
    return store.requests().stream().map(UrlRefreshTest::signature).toList();
  }

  /** Gives URLs signed with the generation, and remembers what it was asked. */
  private final class Giver implements UrlRefresher {
    private static final long serialVersionUID = 1L;
    final List<String> asks = new ArrayList<>();
    long generation;
    long life = SharedFile.NEVER;
    boolean fresh = true;
    SharingException failure;

    @Override
    public String scan() {
      return "scan";
    }

    @Override
    public synchronized RefreshedUrls refresh(SharedFile file, long known, long refreshAt) {
      asks.add(file.dataId() + " after " + known);
      if (failure != null) {
        throw failure;
      }
      generation = Math.max(generation, known) + 1;
      String signed = "?sig=" + generation;
      long nextAt = life == SharedFile.NEVER ? life : now.get() + life;
      return new RefreshedUrls(
          new SignedUrl(store.url(PATH + signed)),
          new SignedUrl(store.url("/dv" + signed)),
          nextAt,
          generation,
          fresh);
    }
  }

  private SharedFile file(String id, long refreshAt) {
    return new SharedFile(
        "s.s.t", id, new SignedUrl(store.url(PATH + "?sig=0")), FILE.length, refreshAt);
  }

  private RangeReader reader(String id, long refreshAt) {
    SharedFile file = file(id, refreshAt);
    RefreshableUrl url = new RefreshableUrl(file, giver, cache, stats, now::get);
    return new SignedUrlReader(file, url, settings(), stats);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 410})
  void aRefusedUrlIsExchanged(int status) {
    alive.add("1");
    store.on(
        PATH,
        request ->
            signature(request).equals("0")
                ? StubAnswer.status(status)
                : StubAnswer.file(request, FILE));
    RangeReader reader = reader("f", SharedFile.NEVER);
    assertThat(reader.read(100, 200)).isEqualTo(PART);
    assertThat(reader.read(100, 200)).isEqualTo(PART);
    assertThat(signatures()).containsExactly("0", "1", "1");
    assertThat(giver.asks).containsExactly("f after 0");
    assertThat(List.of(stats.urlRefreshes(), stats.retries())).containsExactly(1L, 0L);
  }

  @Test
  void aFreshUrlThatIsRefusedIsTheEnd() {
    assertThatThrownBy(() -> reader("f", SharedFile.NEVER).read(100, 200))
        .isExactlyInstanceOf(SharingException.class)
        .hasMessage(
            "Reading s.s.t failed: file f on "
                + store.authority()
                + ": the store answered HTTP 403, and to a fresh URL as well. The file is gone, or the store refuses"
                + " this machine: run the query again; if it stays, tell the provider.");
    assertThat(signatures()).containsExactly("0", "1", "1");
    assertThat(giver.asks).hasSize(1);
    assertThat(stats.retries()).isEqualTo(1);
  }

  @Test
  void aValidUrlThatIsRefusedIsReplacedAndThenUsedOnceMoreAfterAPause() {
    int[] refusals = {0};
    store.on(
        PATH,
        request ->
            signature(request).equals("1") && refusals[0]++ > 0
                ? StubAnswer.file(request, FILE)
                : StubAnswer.status(403));
    assertThat(reader("f", SharedFile.NEVER).read(100, 200)).isEqualTo(PART);
    assertThat(signatures()).containsExactly("0", "1", "1");
    assertThat(giver.asks).hasSize(1);
  }

  @Test
  void aUrlThatHasExpiredIsNotUsedOnceMore() {
    giver.failure = new SharingException("no URLs today");
    assertThatThrownBy(() -> reader("f", 500).read(100, 200)).isSameAs(giver.failure);
    assertThat(signatures()).containsExactly("0");
    SharedFile expired = file("g", 500);
    RefreshableUrl url = new RefreshableUrl(expired, null, cache, stats, now::get);
    assertThatThrownBy(() -> new SignedUrlReader(expired, url, settings(), stats).read(100, 200))
        .hasMessageContaining("HTTP 403. The signed URL expired or the file is gone");
    assertThat(signatures()).containsExactly("0", "0");
  }

  @Test
  void aUrlThatSomebodyElseGotMayBeDeadToo() {
    alive.add("2");
    giver.fresh = false;
    assertThat(reader("f", SharedFile.NEVER).read(100, 200)).isEqualTo(PART);
    assertThat(signatures()).containsExactly("0", "1", "2");
    assertThat(giver.asks).containsExactly("f after 0", "f after 1");
  }

  @Test
  void refusalsEndEvenIfNoUrlIsEverFresh() {
    giver.fresh = false;
    assertThatThrownBy(() -> reader("f", SharedFile.NEVER).read(100, 200))
        .hasMessageContaining("HTTP 403");
    assertThat(store.requests()).hasSizeLessThan(6);
  }

  @Test
  void aUrlIsRenewedBeforeItDies() {
    alive.addAll(Set.of("0", "1", "2"));
    giver.life = 500;
    RangeReader reader = reader("f", 2_000);
    reader.read(0, 10);
    now.set(1_999);
    reader.read(0, 10);
    now.set(2_000);
    reader.read(0, 10);
    now.set(2_499);
    reader.read(0, 10);
    now.set(2_500);
    reader.read(0, 10);
    assertThat(signatures()).containsExactly("0", "0", "1", "1", "2");
    assertThat(giver.asks).containsExactly("f after 0", "f after 1");
  }

  @Test
  void aClockThatIsAheadOfTheDriversAsksOnceAndIsPutRight() {
    alive.add("0");
    AtomicLong steady = new AtomicLong(5);
    DriverClock clock = new DriverClock(() -> 3_600_000, steady::get);
    UrlCache mine = new UrlCache(10, clock::now);
    List<String> asks = new ArrayList<>();
    UrlRefresher driver =
        new UrlRefresher() {
          private static final long serialVersionUID = 1L;

          @Override
          public String scan() {
            return "scan";
          }

          @Override
          public RefreshedUrls refresh(SharedFile file, long generation, long refreshAt) {
            if (refreshAt == REFUSED) {
              throw new AssertionError("a listing");
            }
            asks.add(file.id() + " due at " + refreshAt);
            clock.set(1_000);
            return null;
          }
        };
    for (int i = 0; i < 100; i++) {
      SharedFile file = file("f" + i, 2_000);
      RefreshableUrl url = new RefreshableUrl(file, driver, mine, stats, clock::now);
      assertThat(new SignedUrlReader(file, url, settings(), stats).read(100, 200)).isEqualTo(PART);
    }
    assertThat(asks).containsExactly("f0 due at 2000");
    steady.addAndGet(500);
    assertThat(clock.now()).isEqualTo(1_500);
  }

  @Test
  void aUrlThatCannotBeRenewedIsUsedToItsEnd() {
    alive.add("0");
    giver.failure = new SharingException("no answer");
    RangeReader reader = reader("f", 0);
    assertThat(reader.read(100, 200)).isEqualTo(PART);
    assertThat(reader.read(100, 200)).isEqualTo(PART);
    assertThat(giver.asks).hasSize(1);

    alive.clear();
    assertThatThrownBy(() -> reader.read(100, 200)).hasMessage("no answer");
    assertThat(giver.asks).hasSize(2);
  }

  @Test
  void aBrokenBodyIsResumedWithAnotherUrl() {
    alive.add("1");
    store.on(
        PATH,
        request -> {
          boolean first = store.requests().size() == 1;
          return first
              ? StubAnswer.file(request, FILE).cutAfter(30)
              : signature(request).equals("1")
                  ? StubAnswer.file(request, FILE)
                  : StubAnswer.status(403);
        });
    assertThat(reader("f", SharedFile.NEVER).read(100, 200)).isEqualTo(PART);
    assertThat(signatures()).containsExactly("0", "0", "1");
    assertThat(ranges(store)).startsWith("bytes=100-199").endsWith("bytes=130-199");
    assertThat(stats.retries()).isEqualTo(1);
  }

  @Test
  void anotherFileBehindTheNewUrlIsRefused() {
    store.on(
        PATH,
        request ->
            signature(request).equals("1") && request.header("Range").equals("bytes=0-9")
                ? StubAnswer.file(request, bytes(9_999))
                : StubAnswer.status(403));
    assertThatThrownBy(() -> reader("f", SharedFile.NEVER).read(0, 10))
        .hasMessageContaining("it is 9999 bytes long where the server promised 10000");
  }

  @Test
  void splitsOfAFileShareAnAsk() {
    alive.add("1");
    reader("f", SharedFile.NEVER).read(0, 10);
    reader("f", SharedFile.NEVER).read(0, 10);
    reader("g", SharedFile.NEVER);
    assertThat(giver.asks).containsExactly("f after 0");
  }

  @Test
  void theCacheIsBounded() {
    alive.addAll(Set.of("1", "2", "3", "4"));
    for (String id : List.of("f", "g", "h", "f")) {
      reader(id, SharedFile.NEVER).read(0, 10);
    }
    assertThat(giver.asks).containsExactly("f after 0", "g after 0", "h after 0", "f after 0");
  }

  @Test
  void manyThreadsAskOnce() throws Exception {
    alive.add("1");
    RangeReader shared = reader("f", SharedFile.NEVER);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<byte[]>> reads = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        RangeReader own = i % 2 == 0 ? shared : reader("f", SharedFile.NEVER);
        reads.add(threads.submit(() -> own.read(100, 200)));
      }
      for (Future<byte[]> read : reads) {
        assertThat(read.get()).isEqualTo(PART);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(giver.asks).hasSize(1);
    assertThat(new HashSet<>(signatures())).containsExactlyInAnyOrder("0", "1");
    assertThat(stats.urlRefreshes()).isEqualTo(1);
  }

  @Test
  void aDeletionVectorIsAskedForByItsDataFile() {
    alive.add("1");
    SharedFile vector =
        file("only-in-this-test", 0).vectorsAt(new SignedUrl(store.url("/dv?sig=0")));
    RefreshableUrl url = new RefreshableUrl(vector, giver, stats);
    assertThat(new SignedUrlReader(vector, url, settings(), stats).read(100, 200)).isEqualTo(PART);
    assertThat(store.requests()).extracting(Object::toString).containsExactly("GET /dv?sig=1");
    assertThat(giver.asks).containsExactly("only-in-this-test after 0");
  }

  @Test
  void nothingPrintsAUrl() {
    RefreshedUrls urls = giver.refresh(file("f", 0), 0, 0);
    assertThat(urls.toString()).isEqualTo("RefreshedUrls[generation=1]");
    assertThat(new RefreshableUrl(file("f", 0), giver, stats).current().toString())
        .doesNotContain("sig=");
  }
}
