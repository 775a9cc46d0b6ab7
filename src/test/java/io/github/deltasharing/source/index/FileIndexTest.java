/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.protocol.predicate.JsonPredicate;
import io.github.deltasharing.source.StoredFile;
import io.github.deltasharing.source.StoredVector;
import io.github.deltasharing.source.TableFile;
import io.github.deltasharing.source.TableFileIterator;
import io.github.deltasharing.table.FileFacts;
import io.github.deltasharing.table.FileFilter;
import io.github.deltasharing.table.FileGroup;
import io.github.deltasharing.table.FileStatistics;
import io.github.deltasharing.table.FilterColumns;
import io.github.deltasharing.table.HintCompiler;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.UUID;
import org.apache.spark.util.SizeEstimator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of files comes out as it went in, and filters decide alike on it. */
@Tag("unit")
class FileIndexTest {
  private static final String SCHEMA =
      """
      {"type":"struct","fields":[
       {"name":"i","type":"long","nullable":true,"metadata":{}},
       {"name":"t","type":"string","nullable":true,"metadata":{}},
       {"name":"d","type":"double","nullable":true,"metadata":{}},
       {"name":"day","type":"date","nullable":true,"metadata":{}},
       {"name":"at","type":"timestamp","nullable":true,"metadata":{}},
       {"name":"s","type":{"type":"struct","fields":[
        {"name":"x","type":"integer","nullable":true,"metadata":{}}]},"nullable":true,"metadata":{}},
       {"name":"p","type":"string","nullable":true,"metadata":{}},
       {"name":"q","type":"integer","nullable":true,"metadata":{}}]}\
      """;

  /** Texts that are taken for statistics, most of which no writer writes. */
  private static final List<String> STRANGE =
      List.of(
          "",
          " ",
          "null",
          "7",
          "[]",
          "\"x\"",
          "{}",
          "{ }",
          " {\"numRecords\":3}",
          "{\"numRecords\":3} ",
          "{\"numRecords\":3} x",
          "{\"numRecords\":3}}",
          "{\"numRecords\":3",
          "{\"numRecords\":}",
          "{\"numRecords\" : 3 , \"minValues\" : { \"i\" : -5 } }",
          "{\"numRecords\":3,\"numRecords\":4}",
          "{\"minValues\":{\"i\":1,\"i\":9},\"maxValues\":{\"i\":9}}",
          "{\"numRecords\":03}",
          "{\"numRecords\":-0}",
          "{\"numRecords\":3.0}",
          "{\"numRecords\":3e2}",
          "{\"numRecords\":99999999999999999999}",
          "{\"numRecords\":1234567890123456789}",
          "{\"numRecords\":-9223372036854775808}",
          "{\"numRecords\":\"3\"}",
          "{\"numRecords\":true,\"tightBounds\":false}",
          "{\"numRecords\":3,\"tightBounds\":null}",
          "{\"numRecords\":3,\"tightBounds\":\"false\"}",
          "{\"numRecords\":nope}",
          "{\"numRecords\":3 4}",
          "{numRecords:3}",
          "{\"numRecords\":3,}",
          "{\"minValues\":{\"t\":\"a\\\"b\\\\\\u00e9\"},\"maxValues\":{\"t\":\"z\"}}",
          "{\"minValues\":{\"t\":\"\uD800\"},\"maxValues\":{\"t\":\"\uDC00x\"}}",
          "{\"minValues\":{\"t\":\"\\ud800\"}}",
          "{\"minValues\":{\"t\":\"\uD83D\uDE00é\"},\"maxValues\":{\"t\":\"日本\"}}",
          "{\"minValues\":{\"t\":\"a\tb\"}}",
          "{\"minValues\":{\"t\":\"\0\"}}",
          "{\"minValues\":{\"t\":\"\\q\"}}",
          "{\"minValues\":[1],\"maxValues\":{\"i\":[2]}}",
          "{\"minValues\":7,\"maxValues\":{\"i\":null},\"nullCount\":{\"i\":{}}}",
          "{\"minValues\":{\"d\":1.50,\"i\":1E2},\"maxValues\":{\"d\":NaN}}",
          "{\"minValues\":{\"d\":\"NaN\"},\"maxValues\":{\"d\":-0.0}}",
          "{\"minValues\":{\"s\":{\"x\":1}},\"maxValues\":{\"s\":{\"x\":5}},\"nullCount\":{\"s\":{\"x\":0}}}",
          "{\"minValues\":{\"s\":3}}",
          "{\"min\0Values\":{\"i\":1}}");

  /** From this file on, statistics are those of a usual writer. */
  private static final int REGULAR = 2_000;

  private record Vector(
      String storageType, String inline, OptionalInt offset, int sizeInBytes, long cardinality)
      implements StoredVector {
    @Override
    public Optional<String> file() {
      return Optional.empty();
    }
  }

  private static final VectorCodec CODEC =
      new VectorCodec() {
        @Override
        public IndexedVector fields(StoredVector vector) {
          Vector v = (Vector) vector;
          return new IndexedVector(
              v.storageType(), v.inline(), v.offset(), v.sizeInBytes(), v.cardinality());
        }

        @Override
        public StoredVector vector(IndexedVector v) {
          return new Vector(
              v.storageType(), v.pathOrInline(), v.offset(), v.sizeInBytes(), v.cardinality());
        }
      };

  private static final IndexKey KEY = key(1);

  private static IndexKey key(long version) {
    return new IndexKey(URI.create("file:/t"), version, new StoredFile(1, Instant.EPOCH, ""));
  }

  private static TableFile file(Random random, int number) {
    Map<String, String> partition = random.nextBoolean() ? new HashMap<>() : new LinkedHashMap<>();
    if (random.nextInt(50) > 0) {
      partition.put("q", random.nextInt(9) == 0 ? null : "" + random.nextInt(5));
      partition.put("p", List.of("", "a", "v a l", "\uD800", "é").get(random.nextInt(5)));
    }
    Optional<StoredVector> vector =
        random.nextInt(5) > 0
            ? Optional.empty()
            : Optional.of(
                new Vector(
                    random.nextBoolean() ? "u" : "i",
                    "x" + random.nextInt(),
                    random.nextBoolean() ? OptionalInt.of(random.nextInt()) : OptionalInt.empty(),
                    random.nextInt(),
                    random.nextLong()));
    return new TableFile(
        "dir %d/part-%05d-%s.parquet".formatted(random.nextInt(3), number, UUID.randomUUID()),
        partition,
        random.nextInt(9) == 0 ? random.nextLong() : random.nextInt(100_000),
        random.nextInt(9) == 0 ? random.nextLong() : 1_700_000_000_000L + random.nextInt(),
        random.nextBoolean(),
        stats(random, number),
        vector);
  }

  private static Optional<String> stats(Random random, int number) {
    int kind = number < REGULAR ? random.nextInt(20) : 19;
    if (kind == 0) {
      return Optional.empty();
    }
    if (kind == 1) {
      return Optional.of(STRANGE.get(random.nextInt(STRANGE.size())));
    }
    long low = 10L * number;
    return Optional.of(
        ("{\"numRecords\":%d,\"minValues\":{\"i\":%d,\"t\":\"k%05d\",\"d\":%s,\"day\":\"2024-01-%02d\","
                + "\"at\":\"2024-01-01T%02d:00:00.000Z\",\"s\":{\"x\":%d}},\"maxValues\":{\"i\":%d,"
                + "\"t\":\"k%05d\",\"d\":%s,\"day\":\"2024-01-%02d\",\"at\":\"2024-01-01T%02d:00:00.000Z\","
                + "\"s\":{\"x\":%d}},\"nullCount\":{\"i\":%d,\"t\":0,\"d\":0,\"day\":0,\"at\":0,\"s\":{\"x\":0}}%s}")
            .formatted(
                random.nextInt(20),
                low,
                low,
                low / 8.0,
                1 + number % 28,
                number % 24,
                number,
                low + 9,
                low + 9,
                low / 8.0 + 1,
                1 + number % 28,
                number % 24,
                number + 1,
                random.nextInt(20),
                random.nextInt(9) == 0 ? ",\"tightBounds\":false" : ""));
  }

  private static List<TableFile> files(Random random, int count) {
    List<TableFile> files = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      files.add(file(random, i));
    }
    return files;
  }

  private static IndexedFiles index(IndexCache cache, IndexKey key, List<TableFile> files) {
    try (IndexBuild build = cache.build(key, CODEC).orElseThrow()) {
      files.forEach(build::add);
      build.finish();
    }
    return cache.find(key, CODEC).orElseThrow();
  }

  private static List<TableFile> all(TableFileIterator files) {
    List<TableFile> all = new ArrayList<>();
    files.forEachRemaining(all::add);
    return all;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void filesComeOutAsTheyWentIn(long seed) {
    Random random = new Random(seed);
    List<TableFile> files = files(random, random.nextInt(4_000));
    IndexCache cache = new IndexCache(64 << 20);
    try (IndexedFiles index = index(cache, KEY, files)) {
      List<TableFile> all = all(index.all().files());
      assertThat(all).isEqualTo(files);
      for (int i = 0; i < files.size(); i++) {
        // The order of a map is that of the response's JSON.
        assertThat(new ArrayList<>(all.get(i).partitionValues().keySet()))
            .isEqualTo(new ArrayList<>(files.get(i).partitionValues().keySet()));
      }
      List<TableFile> sorted = new ArrayList<>(files);
      sorted.sort(Comparator.comparing(TableFile::relativePath));
      assertThat(all(index.all().byPath(Optional.empty()))).isEqualTo(sorted);
      for (int i = 0; i < sorted.size(); i += 1 + random.nextInt(500)) {
        Optional<String> after = Optional.of(sorted.get(i).relativePath());
        List<TableFile> rest = sorted.subList(i + 1, sorted.size());
        assertThat(all(index.all().byPath(after))).isEqualTo(rest);
        assertThat(index.all().countAfter(after.get())).isEqualTo(rest.size());
      }
    }
  }

  @Test
  void statisticsAreThoseOfTheText() {
    StatisticsSplitter splitter = new StatisticsSplitter();
    List<String> texts = new ArrayList<>(STRANGE);
    Random random = new Random(5);
    for (int i = 0; i < 200; i++) {
      stats(random, i).ifPresent(texts::add);
    }
    int whole = 0;
    for (String text : texts) {
      StatisticsSplitter.Split split = splitter.split(text);
      assertThat(split.shape().text(split.values()::get)).isEqualTo(text);
      whole += split.shape() == StatisticsShape.WHOLE ? 1 : 0;
      FileStatistics expected = FileStatistics.parse(text);
      Texts[] columns =
          split.values().stream().map(v -> Texts.of(List.of(v))).toArray(Texts[]::new);
      FileStatistics actual = split.shape().statistics(columns, 0);
      assertThat(actual.numRecords()).as(text).isEqualTo(expected.numRecords());
      assertThat(actual.tightBounds()).as(text).isEqualTo(expected.tightBounds());
      for (List<String> path :
          List.of(
              List.of("i"),
              List.of("t"),
              List.of("d"),
              List.of("s"),
              List.of("s", "x"),
              List.of("day"),
              List.of("none"),
              List.of("i", "x"))) {
        assertThat(actual.min(path)).as(text).isEqualTo(expected.min(path));
        assertThat(actual.max(path)).as(text).isEqualTo(expected.max(path));
        assertThat(actual.nullCount(path)).as(text).isEqualTo(expected.nullCount(path));
      }
    }
    assertThat(whole).isBetween(15, STRANGE.size() - 10);
  }

  private static String comparison(String op, String column, String type, String value) {
    return ("{\"op\":\"%s\",\"children\":[{\"op\":\"column\",\"name\":\"%s\",\"valueType\":\"%s\"},"
            + "{\"op\":\"literal\",\"value\":\"%s\",\"valueType\":\"%s\"}]}")
        .formatted(op, column, type, value, type);
  }

  private static String predicate(Random random, int depth) {
    int kind = random.nextInt(depth > 0 ? 10 : 7);
    List<String> ops =
        List.of("equal", "lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual");
    String op = ops.get(random.nextInt(ops.size()));
    return switch (kind) {
      case 0 -> comparison(op, "i", "long", "" + random.nextInt(20_000));
      case 1 -> comparison(op, "t", "string", "k%05d".formatted(random.nextInt(20_000)));
      case 2 -> comparison(op, "day", "date", "2024-01-%02d".formatted(1 + random.nextInt(28)));
      case 3 ->
          comparison(op, "at", "timestamp", "2024-01-01T%02d:30:00Z".formatted(random.nextInt(24)));
      case 4 -> comparison(op, "p", "string", "a");
      case 5 -> comparison(op, "q", "int", "" + random.nextInt(5));
      case 6 ->
          "{\"op\":\"isNull\",\"children\":[{\"op\":\"column\",\"name\":\"%s\",\"valueType\":\"string\"}]}"
              .formatted(List.of("i", "t", "p", "q").get(random.nextInt(4)));
      case 7 -> "{\"op\":\"not\",\"children\":[%s]}".formatted(predicate(random, depth - 1));
      default ->
          "{\"op\":\"%s\",\"children\":[%s,%s]}"
              .formatted(
                  kind == 8 ? "and" : "or",
                  predicate(random, depth - 1),
                  predicate(random, depth - 1));
    };
  }

  @Test
  void filtersDecideAlike() {
    Random random = new Random(6);
    List<TableFile> files = files(random, 4_500);
    HintCompiler compiler = new HintCompiler(new FilterColumns(SCHEMA, List.of("p", "q"), false));
    IndexCache cache = new IndexCache(64 << 20);
    int some = 0;
    try (IndexedFiles index = index(cache, KEY, files)) {
      for (int i = 0; i < 100; i++) {
        String json = predicate(random, 2);
        FileFilter filter = compiler.compile(JsonPredicate.parse(json));
        List<TableFile> expected =
            files.stream()
                .filter(
                    file ->
                        filter.mayMatch(
                            FileFacts.of(file.partitionValues(), file.stats().orElse(null))))
                .toList();
        int[] skipped = {0};
        List<TableFile> actual = all(index.select(test(filter, skipped)).files());
        assertThat(actual).as(json).isEqualTo(expected);
        some += skipped[0] > 0 ? 1 : 0;
      }
    }
    // Whole groups are skipped now and then, although one strange file in them may stop that.
    assertThat(some).isPositive();
  }

  private static FileTest test(FileFilter filter, int[] skipped) {
    return new FileTest() {
      @Override
      public Verdict test(FileGroup group) {
        if (group.mayMatch(filter)) {
          return Verdict.EACH;
        }
        skipped[0]++;
        return Verdict.NONE;
      }

      @Override
      public boolean test(FileFacts file) {
        return filter.mayMatch(file);
      }
    };
  }

  @Test
  void memoryIsAsEstimatedAndSmall() {
    Random random = new Random(7);
    IndexCache cache = new IndexCache(256 << 20);
    for (int i = 0; i < 20; i++) {
      URI location = URI.create("file:/t" + i);
      IndexKey key = new IndexKey(location, 1, new StoredFile(1, Instant.EPOCH, ""));
      index(cache, key, files(random, 5_000)).close();
    }
    long counted = cache.usedBytes();
    // Walked object by object: how full the heap is would tell of this JVM's other tests too.
    long walked = SizeEstimator.estimate(cache);
    assertThat(counted).isBetween(walked * 9 / 10, walked * 2);
    assertThat(counted / (20 * 5_000)).isBetween(50L, 300L);
  }

  /** Vectors that are written out take more than all else of a file. */
  @Test
  void longVectorsEndABuildBeforeTheyTakeMoreThanThereIs() {
    IndexCache cache = new IndexCache(12 << 20);
    String vector = "x".repeat(4 << 20);
    int taken = 0;
    try (IndexBuild build = cache.build(KEY, CODEC).orElseThrow()) {
      TableFile plain = files(new Random(3), 1).get(0);
      for (boolean more = true; more && taken < 100; taken++) {
        more =
            build.add(
                new TableFile(
                    "f" + taken,
                    plain.partitionValues(),
                    1,
                    1,
                    true,
                    plain.stats(),
                    Optional.of(new Vector("i", vector, OptionalInt.empty(), 4 << 20, 1))));
        assertThat(cache.usedBytes()).isLessThanOrEqualTo(12 << 20);
      }
    }
    assertThat(taken).isBetween(2, 4);
    assertThat(cache.usedBytes()).isZero();
  }
}
