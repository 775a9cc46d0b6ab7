/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

import static io.github.deltasharing.testing.WrittenLog.PROTOCOL;
import static io.github.deltasharing.testing.WrittenLog.SCHEMA;
import static io.github.deltasharing.testing.WrittenLog.metadata;
import static org.assertj.core.api.Assertions.assertThat;

import io.delta.kernel.Table;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.storage.LocalStorage;
import io.github.deltasharing.source.StoreException;
import io.github.deltasharing.source.TableFile;
import io.github.deltasharing.source.TableFileIterator;
import io.github.deltasharing.source.TableSnapshot;
import io.github.deltasharing.source.TableSource;
import io.github.deltasharing.source.TableStorage;
import io.github.deltasharing.source.index.IndexCache;
import io.github.deltasharing.source.index.IndexedFiles;
import io.github.deltasharing.source.index.IndexedSnapshot;
import io.github.deltasharing.testing.WrittenLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files in memory are those of a replay, whatever is committed. */
@Tag("unit")
class LogIndexesTest {
  private static final String VECTORS =
      "{\"protocol\":{\"minReaderVersion\":3,\"minWriterVersion\":7,"
          + "\"readerFeatures\":[\"deletionVectors\"],\"writerFeatures\":[\"deletionVectors\"]}}";

  private static final int VERSIONS = 50;

  @TempDir Path root;

  private TableSource source(Path directory, DeltaSources sources) {
    SharedTable table = new SharedTable("s", "a", "t", directory.toUri(), "", true, 0);
    return sources.open(table.fullName(), table.location(), new LocalStorage(table, null));
  }

  private static DeltaSources withBudget(long bytes) {
    return new DeltaSources(10, false, new IndexCache(bytes));
  }

  private static List<TableFile> all(TableFileIterator files) {
    try (files) {
      List<TableFile> all = new ArrayList<>();
      files.forEachRemaining(file -> all.add(comparable(file)));
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same with a vector that equals those of other readings. */
  private static TableFile comparable(TableFile file) {
    return new TableFile(
        file.relativePath(),
        file.partitionValues(),
        file.size(),
        file.modificationTime(),
        file.dataChange(),
        file.stats(),
        file.deletionVector().map(vector -> new LogVector(null, ((LogVector) vector).vector())));
  }

  private List<TableFile> replayed(Path directory) {
    return all(source(directory, new DeltaSources(1, false)).latest().files());
  }

  /** The files in memory; empty if there are none. */
  private static Optional<List<TableFile>> indexed(TableSnapshot snapshot) {
    try (IndexedFiles files = IndexedSnapshot.index(snapshot).orElse(null)) {
      return files == null ? Optional.empty() : Optional.of(all(files.all().files()));
    }
  }

  private static List<TableFile> sorted(List<TableFile> files) {
    return files.stream()
        .sorted(Comparator.comparing(TableFile::relativePath).thenComparing(TableFile::toString))
        .toList();
  }

  private static String stats(int number) {
    return "{\\\"numRecords\\\":%d,\\\"minValues\\\":{\\\"id\\\":%d}}".formatted(number, -number);
  }

  private static String vector(int number) {
    return number == 0
        ? ""
        : ",\"deletionVector\":{\"storageType\":\"i\",\"pathOrInlineDv\":\"v%d\",".formatted(number)
            + "\"sizeInBytes\":4,\"cardinality\":1}";
  }

  private static String add(String path, int stats, int vector) {
    return "{\"add\":{\"path\":\"%s\",\"partitionValues\":{},\"size\":7,\"modificationTime\":%d,"
            .formatted(path, stats)
        + "\"dataChange\":true,\"stats\":\""
        + stats(stats)
        + "\""
        + vector(vector)
        + "}}";
  }

  private static String remove(String path, int vector) {
    return "{\"remove\":{\"path\":\"%s\",\"deletionTimestamp\":1,\"dataChange\":true"
            .formatted(path)
        + vector(vector)
        + "}}";
  }

  /** A file in one of the ways in which logs spell it. */
  private static String path(Random random, int number, boolean alike) {
    return switch (alike ? 2 : random.nextInt(4)) {
      case 0 -> "./f %d".formatted(number).replace(" ", "%20");
      case 1 -> "x/../f%20" + number;
      default -> "f%20" + number;
    };
  }

  private static List<String> commit(Random random, boolean plain, boolean vectors) {
    List<String> lines = new ArrayList<>();
    List<Integer> numbers = new ArrayList<>();
    int count = 1 + random.nextInt(30);
    for (int i = 0; i < count; i++) {
      int number = random.nextInt(300);
      if (plain && numbers.contains(number)) {
        continue;
      }
      numbers.add(number);
      int vector = vectors ? random.nextInt(3) : 0;
      lines.add(
          random.nextInt(3) > 0
              ? add(path(random, number, !vectors), random.nextInt(1000), vector)
              : remove(path(random, number, !vectors), vector));
    }
    if (random.nextInt(8) == 0) {
      lines.add(metadata(SCHEMA));
    }
    if (random.nextInt(8) == 0) {
      lines.add(
          "{\"cdc\":{\"path\":\"c\",\"partitionValues\":{},\"size\":1,\"dataChange\":false}}");
    }
    if (!plain && random.nextInt(4) == 0) {
      lines.add(vectors ? VECTORS : PROTOCOL);
    }
    return lines;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void everyVersionHasTheFilesOfAReplay(long seed) throws Exception {
    Random random = new Random(seed);
    boolean checkpoints = seed % 2 == 0;
    boolean plain = seed % 3 > 0;
    Path directory = root.resolve("t" + seed);
    WrittenLog log = new WrittenLog(directory);
    DeltaSources sources = withBudget(64 << 20);
    TableSource table = source(directory, sources);
    int replays = 0;
    for (int version = 0; version < VERSIONS; version++) {
      List<String> lines = commit(random, plain, !checkpoints);
      if (version == 0) {
        // Kernel writes no checkpoint of a table with deletion vectors, and does not know that
        // one file is spelled in two ways.
        lines.addAll(0, List.of(checkpoints ? PROTOCOL : VECTORS, metadata(SCHEMA)));
      }
      log.commit(version, lines.toArray(String[]::new));
      if (checkpoints && random.nextInt(5) == 0) {
        var engine = DefaultEngine.create(new Configuration());
        Table.forPath(engine, directory.toString()).checkpoint(engine, version);
      }
      if (random.nextInt(4) == 0) {
        // Some commits at a time.
        continue;
      }
      List<TableFile> expected = replayed(directory);
      Optional<List<TableFile>> found = indexed(table.latest());
      if (found.isEmpty()) {
        replays++;
        List<TableFile> collected = all(table.latest().files());
        assertThat(collected).isEqualTo(expected);
        found = indexed(table.latest());
      }
      assertThat(found).isPresent();
      if (checkpoints) {
        // A replay then has the checkpoint's order.
        assertThat(sorted(found.get())).isEqualTo(sorted(expected));
      } else {
        assertThat(found.get()).isEqualTo(expected);
      }
    }
    // What is plain is applied, and what is not leads to a replay.
    if (plain) {
      assertThat(replays).isEqualTo(1);
    } else {
      assertThat(replays).isBetween(4, VERSIONS / 2);
    }
  }

  private Path table(String name, int files) {
    Path directory = root.resolve(name);
    List<String> lines = new ArrayList<>(List.of(PROTOCOL, metadata(SCHEMA)));
    for (int i = 0; i < files; i++) {
      lines.add(add(name + "-" + i, i, 0));
    }
    new WrittenLog(directory).commit(0, lines.toArray(String[]::new));
    return directory;
  }

  @Test
  void aTableWrittenAnewInTheSamePlaceIsAnother() throws Exception {
    Path directory = table("first", 3);
    WrittenLog log = new WrittenLog(directory);
    log.commit(1, add("more", 1, 0));
    DeltaSources sources = withBudget(64 << 20);
    TableSource table = source(directory, sources);
    all(table.latest().files());
    assertThat(indexed(table.latest()).orElseThrow()).hasSize(4);
    // The same versions with other files, then one more.
    Files.delete(directory.resolve("_delta_log/00000000000000000001.json"));
    Files.delete(directory.resolve("_delta_log/00000000000000000000.json"));
    log.commit(0, PROTOCOL, metadata(SCHEMA), add("other", 1, 0));
    log.commit(1, add("others", 2, 0));
    assertThat(indexed(table.latest())).isEmpty();
    log.commit(2, add("third", 2, 0));
    assertThat(indexed(table.latest())).isEmpty();
    all(table.latest().files());
    assertThat(indexed(table.latest()).orElseThrow())
        .extracting(TableFile::relativePath)
        .containsExactly("third", "others", "other");
  }

  @Test
  void anOlderVersionIsKeptWhenItIsReadAgain() {
    Path directory = table("first", 3);
    new WrittenLog(directory).commit(1, add("more", 1, 0));
    TableSource table = source(directory, withBudget(64 << 20));
    all(table.atVersion(0).files());
    assertThat(indexed(table.atVersion(0))).isEmpty();
    all(table.atVersion(0).files());
    assertThat(indexed(table.atVersion(0)).orElseThrow()).hasSize(3);
    assertThat(indexed(table.atVersion(1)).orElseThrow()).hasSize(4);
  }

  @Test
  void whatDoesNotFitIsReplayed() {
    Path directory = table("large", 40_000);
    IndexCache cache = new IndexCache((4 << 20) + (1 << 19));
    TableSource table = source(directory, new DeltaSources(10, false, cache));
    for (int i = 0; i < 2; i++) {
      assertThat(all(table.latest().files())).hasSize(40_000);
      assertThat(indexed(table.latest())).isEmpty();
      assertThat(cache.usedBytes()).isZero();
    }
  }

  @Test
  void aReadingThatEndsEarlyKeepsNothing() throws Exception {
    Path directory = table("half", 3_000);
    IndexCache cache = new IndexCache(64 << 20);
    TableSource table = source(directory, new DeltaSources(10, false, cache));
    try (TableFileIterator files = table.latest().files()) {
      for (int i = 0; i < 2_500; i++) {
        files.next();
      }
      assertThat(cache.usedBytes()).isPositive();
      // Meanwhile others read without collecting.
      assertThat(all(table.latest().files())).hasSize(3_000);
      assertThat(indexed(table.latest())).isEmpty();
    }
    assertThat(cache.usedBytes()).isZero();
    all(table.latest().files());
    assertThat(indexed(table.latest()).orElseThrow()).hasSize(3_000);
  }

  /** Its files were all read: only that they are kept is lost. */
  @Test
  void aStoreThatFailsAtTheEndOfAReadingIsNoFailureOfIt() {
    Path directory = table("down", 3);
    TableStorage local =
        new LocalStorage(
            new SharedTable("s", "a", "t", directory.toUri(), "", true, 0), /* signer= */ null);
    AtomicBoolean down = new AtomicBoolean();
    TableStorage storage =
        (TableStorage)
            Proxy.newProxyInstance(
                TableStorage.class.getClassLoader(),
                new Class<?>[] {TableStorage.class},
                (proxy, method, arguments) -> {
                  if (down.get()) {
                    throw StoreException.unavailable("The store is down", null);
                  }
                  try {
                    return method.invoke(local, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    IndexCache cache = new IndexCache(64 << 20);
    URI location = URI.create("file://" + directory);
    TableSource table = new DeltaSources(10, false, cache).open("s.a.t", location, storage);
    TableFileIterator files = table.latest().files();
    for (int i = 0; i < 3; i++) {
      files.next();
    }
    down.set(true);
    assertThat(all(files)).isEmpty();
    assertThat(cache.usedBytes()).isZero();
    down.set(false);
    assertThat(all(table.latest().files())).hasSize(3);
    assertThat(indexed(table.latest())).isPresent();
  }

  @Test
  void manySmallCommitsAreRepacked() {
    Path directory = table("many", 2_000);
    IndexCache cache = new IndexCache(64 << 20);
    TableSource table = source(directory, new DeltaSources(10, false, cache));
    all(table.latest().files());
    long before = cache.usedBytes();
    WrittenLog log = new WrittenLog(directory);
    for (int version = 1; version <= 200; version++) {
      log.commit(version, add("new-" + version, version, 0), remove("many-" + 5 * version, 0));
      assertThat(indexed(table.latest()).orElseThrow()).hasSize(2_000);
    }
    assertThat(indexed(table.latest()).orElseThrow()).isEqualTo(replayed(directory));
    assertThat(cache.usedBytes()).isLessThan(before + (1 << 19));
  }

  /** Six tables of which two or three fit, read and changed by three threads. */
  @Test
  void memoryStaysWithinTheBudgetUnderConstantEviction() throws Exception {
    int tables = 6;
    int files = 5_000;
    long budget = 9 << 20;
    IndexCache cache = new IndexCache(budget);
    DeltaSources sources = new DeltaSources(10, false, cache);
    List<Path> directories = new ArrayList<>();
    List<AtomicInteger> versions = new ArrayList<>();
    for (int i = 0; i < tables; i++) {
      directories.add(table("t" + i, files));
      versions.add(new AtomicInteger());
    }
    ExecutorService threads = Executors.newFixedThreadPool(3);
    AtomicInteger inMemory = new AtomicInteger();
    AtomicInteger replays = new AtomicInteger();
    List<Future<?>> all = new ArrayList<>();
    for (int thread = 0; thread < 3; thread++) {
      Random random = new Random(thread);
      all.add(
          threads.submit(
              () -> {
                for (int read = 0; read < 50; read++) {
                  int i = random.nextInt(tables);
                  Path directory = directories.get(i);
                  synchronized (versions.get(i)) {
                    if (random.nextInt(20) == 0) {
                      int version = versions.get(i).incrementAndGet();
                      new WrittenLog(directory).commit(version, add("new-" + version, 1, 0));
                    }
                  }
                  DeltaSnapshot snapshot = (DeltaSnapshot) source(directory, sources).latest();
                  int expected = files + (int) snapshot.version();
                  Optional<List<TableFile>> found = indexed(snapshot);
                  (found.isPresent() ? inMemory : replays).incrementAndGet();
                  assertThat(found.orElseGet(() -> all(snapshot.files()))).hasSize(expected);
                  assertThat(cache.usedBytes()).isLessThanOrEqualTo(budget);
                }
                return null;
              }));
    }
    for (Future<?> future : all) {
      future.get();
    }
    threads.shutdown();
    assertThat(inMemory.get()).isPositive();
    assertThat(replays.get()).isGreaterThan(1);
    assertThat(cache.usedBytes()).isBetween(1L, budget);
  }
}
