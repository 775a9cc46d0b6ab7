/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.parquet.ParquetSettings;
import io.github.deltasharing.storage.SharedFile;
import io.github.deltasharing.storage.SignedUrl;
import io.github.deltasharing.storage.prefetch.PrefetchUse;
import io.github.deltasharing.storage.url.SignedUrlAccess;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubRequest;
import io.github.deltasharing.testing.StubServer;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.sources.GreaterThanOrEqual;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is fetched of a partition's next files while one is read. */
@Timeout(60)
class FilesAheadTest {
  private static final StructType SCHEMA = StructType.fromDDL("id BIGINT, text STRING");
  private static final int FILES = 3;
  private static final int ROWS = 20_000;

  @TempDir static Path directory;
  private static final List<byte[]> BYTES = new ArrayList<>();

  private final StubServer store = new StubServer();
  private ColumnarPartitionReader reader;

  /** Of 2.6 MB each, in pages of which a filter can skip some. */
  @BeforeAll
  static void write() throws IOException {
    TestSpark.session()
        .range(0, (long) FILES * ROWS, 1, FILES)
        .selectExpr("id", "sha2(string(id), 512) AS text")
        .write()
        .option("compression", "none")
        .option("parquet.page.row.count.limit", "1000")
        .parquet(directory.resolve("t").toString());
    try (Stream<Path> files = Files.list(directory.resolve("t"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".parquet")).sorted().toList()) {
        BYTES.add(Files.readAllBytes(file));
      }
    }
    assertThat(BYTES).hasSize(FILES).allMatch(bytes -> bytes.length > 2 << 20);
  }

  @BeforeEach
  void serve() {
    for (int i = 0; i < FILES; i++) {
      byte[] bytes = BYTES.get(i);
      store.on("/" + i, request -> StubAnswer.file(request, bytes));
    }
  }

  @AfterEach
  void close() {
    if (reader != null) {
      reader.close();
    }
    store.close();
  }

  private void open(Map<String, String> options, Filter... filters) {
    open(spec -> spec, options, filters);
  }

  private void open(UnaryOperator<ScanSpec> kind, Map<String, String> options, Filter... filters) {
    HttpSettings http = new SharingReadConf(options, name -> null).http().withLoopbackStores(true);
    SQLConf conf = TestSpark.session().sessionState().conf();
    Configuration hadoop = new Configuration();
    ParquetSettings.configure(hadoop, conf, false);
    ScanSpec spec =
        kind.apply(
            new ScanSpec(
                SCHEMA,
                new StructType(),
                new StructType(),
                ParquetSettings.of(conf),
                http,
                new SignedUrlAccess(null, http),
                "UTC",
                filters));
    List<FileScanTask> splits = new ArrayList<>();
    for (int i = 0; i < FILES; i++) {
      long size = BYTES.get(i).length;
      SharedFile file =
          new SharedFile("s.s.t", "f" + i, new SignedUrl(store.url("/" + i + "?sig=x")), size);
      splits.add(new FileScanTask(file, 0, size, new String[0], null));
    }
    reader = new ColumnarPartitionReader(spec, new FileOpeners(hadoop, spec), splits);
  }

  /** The data that was asked for: ranges that do not go to the file's end. */
  private Predicate<StubRequest> dataOf(int file) {
    return request ->
        request.target().startsWith("/" + file)
            && !request.header("Range").endsWith("-" + (BYTES.get(file).length - 1));
  }

  private boolean isDataAskedFor(int file) {
    return store.requests().stream().anyMatch(dataOf(file));
  }

  private List<Long> ids() {
    ColumnarBatch batch = reader.get();
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < batch.numRows(); i++) {
      ids.add(batch.column(0).getLong(i));
    }
    return ids;
  }

  /** Lets all that is on its way come before each step. */
  private List<Long> readTo(long last) throws InterruptedException {
    List<Long> ids = new ArrayList<>();
    while ((ids.isEmpty() || ids.get(ids.size() - 1) < last) && reader.next()) {
      ids.addAll(ids());
      awaitAllThatIsOnItsWay();
    }
    return ids;
  }

  private static void awaitAllThatIsOnItsWay() throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (PrefetchUse.fetches() > 0) {
      assertThat(System.nanoTime()).as("fetches still run").isLessThan(deadline);
      Thread.sleep(1);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theNextFilesComeWhileOneIsRead(boolean filtered) throws InterruptedException {
    if (filtered) {
      // Half of the first file's pages; its indexes are asked for before its rows.
      open(Map.of(), new GreaterThanOrEqual("id", (long) ROWS / 2));
    } else {
      open(Map.of());
    }
    long first = filtered ? ROWS / 2 : 0;
    assertThat(reader.next()).isTrue();
    List<Long> ids = ids();
    ids.addAll(readTo(ROWS - 1));
    assertThat(ids.get(ids.size() - 1)).isLessThan(2L * ROWS);
    assertThat(isDataAskedFor(1)).isTrue();
    assertThat(isDataAskedFor(2)).isTrue();
    int requests = store.requests().size();
    ids.addAll(readTo(Long.MAX_VALUE));
    assertThat(store.requests()).hasSize(requests);
    // A filter is a hint: rows of a page that holds one come too.
    assertThat(ids.get(0)).isBetween(first - 1_000, first);
    assertThat(ids.equals(LongStream.range(ids.get(0), FILES * ROWS).boxed().toList())).isTrue();
  }

  @Test
  void theFirstRowsWaitForNoOtherFile() throws InterruptedException {
    open(Map.of());
    assertThat(reader.next()).isTrue();
    awaitAllThatIsOnItsWay();
    assertThat(isDataAskedFor(1)).isFalse();
  }

  @Test
  void theNextFileWaitsForMemory() throws InterruptedException {
    // The tails ahead take a quarter of it, and the file read may have the rest.
    open(Map.of("prefetchMemory", "256k"));
    List<Long> ids = readTo(ROWS / 4);
    assertThat(isDataAskedFor(2)).isFalse();
    ids.addAll(readTo(Long.MAX_VALUE));
    assertThat(ids).hasSize(FILES * ROWS);
  }

  @Test
  void withoutMemoryNothingComesAhead() throws InterruptedException {
    open(Map.of("prefetchMemory", "0"));
    List<Long> ids = readTo(ROWS - 1);
    assertThat(store.requests()).noneMatch(request -> request.target().startsWith("/1"));
    ids.addAll(readTo(Long.MAX_VALUE));
    assertThat(ids).hasSize(FILES * ROWS);
  }

  @Test
  void aBrokenNextFileFailsWhenItsTurnComes() throws InterruptedException {
    byte[] broken = BYTES.get(1).clone();
    broken[broken.length - 1] = 'X';
    store.on("/1", request -> StubAnswer.file(request, broken));
    open(Map.of());
    List<Long> ids = readTo(ROWS - 1);
    assertThat(ids).hasSize(ROWS);
    SharingException failure =
        catchThrowableOfType(SharingException.class, () -> readTo(Long.MAX_VALUE));
    assertThat(failure).hasMessageContaining("f1").hasMessageContaining("s.s.t");
  }

  /** The first file's data and its tail come together; a request more or less there is none. */
  @Test
  void aTaskThatReadsAllOfAFileAsksForDataAndFooterAtOnce() throws Exception {
    open(Map.of());
    readTo(Long.MAX_VALUE);
    int requests = store.requests().size();
    reader.close();
    store.forget();
    CountDownLatch data = new CountDownLatch(1);
    store.on(
        "/0",
        request -> {
          if (dataOf(0).test(request)) {
            data.countDown();
          } else {
            await(data);
          }
          return StubAnswer.file(request, BYTES.get(0));
        });
    open(ScanSpec::ofAllColumns, Map.of());
    assertThat(readTo(Long.MAX_VALUE)).hasSize(FILES * ROWS);
    assertThat(store.requests()).hasSize(requests);
  }

  /** The first file takes most of it. */
  @Test
  void theNextFilesComeWhenTheFirstWasFetched() throws Exception {
    open(ScanSpec::ofAllColumns, Map.of("prefetchMemory", "4m"));
    List<Long> ids = readTo(ROWS - 1);
    assertThat(isDataAskedFor(1)).isTrue();
    ids.addAll(readTo(Long.MAX_VALUE));
    assertThat(ids).hasSize(FILES * ROWS);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void closingEndsWhatIsOnItsWay() throws InterruptedException {
    open(Map.of());
    readTo(ROWS / 4);
    reader.close();
    int requests = store.requests().size();
    awaitAllThatIsOnItsWay();
    assertThat(store.requests()).hasSize(requests);
  }
}
