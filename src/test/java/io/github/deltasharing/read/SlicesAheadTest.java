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
class SlicesAheadTest {
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

  private SlicesAhead slices(Map<String, String> options, int count) {
    HttpSettings http = new SharingReadConf(options, name -> null).http();
    ahead = new ReadAhead(new SignedUrlAccess(null, http), http, new IoStats());
    List<FileSlice> slices = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      slices.add(slice(i, null));
    }
    return new SlicesAhead(slices, ahead, (file, slice) -> null, false);
  }

  private FileSlice slice(int number, DeletionVectorRef deletions) {
    SharedFile file =
        new SharedFile("s.s.t", "f" + number, new SignedUrl(store.url("/" + number)), FILE.length);
    return new FileSlice(file, 0, FILE.length, new String[0], deletions);
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
    SlicesAhead slices = slices(Map.of(), 200);
    assertThat(slices.next().slice().file().id()).isEqualTo("f0");
    assertAskedFor(33);
    assertThat(slices.next().slice().file().id()).isEqualTo("f1");
    assertAskedFor(66);
    slices.next().file().close();
    assertAskedFor(67);
  }

  @Test
  void filesAheadTakeHalfOfTheMemory() throws InterruptedException {
    SlicesAhead slices = slices(Map.of("prefetchMemory", "10000"), 30);
    slices.next();
    slices.next();
    assertAskedFor(5);
    slices.next().file().close();
    slices.next();
    assertAskedFor(6);
  }

  @Test
  void withoutMemoryEachIsAskedForWhenItsTurnComes() throws InterruptedException {
    SlicesAhead slices = slices(Map.of("prefetchMemory", "0"), 3);
    for (int i = 1; i <= 3; i++) {
      assertThat(slices.hasNext()).isTrue();
      slices.next();
      assertAskedFor(i);
    }
    assertThat(slices.hasNext()).isFalse();
  }

  @Test
  void deletedRowsComeAheadToo() throws InterruptedException {
    byte[] vectors = DeletionVectorBytes.file(DeletionVectorBytes.framed(BITMAP));
    store.on("/dv", request -> StubAnswer.file(request, vectors));
    SharedFile file =
        new SharedFile(
            "s.s.t", "deletion vector", new SignedUrl(store.url("/dv")), SharedFile.UNKNOWN_SIZE);
    HttpSettings http = SharingReadConf.defaults().http();
    ahead = new ReadAhead(new SignedUrlAccess(null, http), http, new IoStats());
    SlicesAhead slices =
        new SlicesAhead(
            List.of(slice(0, null), slice(1, DeletionVectorRef.stored(file, 1, BITMAP.length, 3))),
            ahead,
            (file1, slice) -> null,
            false);
    assertThat(slices.next().rows()).isNull();
    store.awaitRequests(3);
    assertThat(slices.next().rows().get().contains(4)).isFalse();
    assertThat(store.requests()).hasSize(3);
  }
}
