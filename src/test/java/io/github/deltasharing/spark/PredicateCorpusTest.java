/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.testing.Corpus;
import io.github.deltasharing.testing.CorpusTable;
import io.github.deltasharing.testing.RandomPredicate;
import io.github.deltasharing.testing.Rows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random conditions over tables of every kind, through servers that understand every hint in the
 * worst way they can: the rows are always those for which Delta Lake finds the condition true where
 * nobody could push it, in a projection. {@code mvn test -Dtest=PredicateCorpusTest
 * -Dcorpus.seed=N} tries others, {@code -Dcorpus.batches=N} more of them.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PredicateCorpusTest {
  private static final int BATCH = 100;
  private static final int BATCHES = Integer.getInteger("corpus.batches", 3);

  /** One in so many is asked of Delta Lake as a filter, and of us with nothing pushed. */
  private static final int SAMPLE = 20;

  /** How many wrong answers of a batch are shown; one defect makes many. */
  private static final int SHOWN = 10;

  /** Conditions that are tried together. */
  record Batch(CorpusTable table, int number) {
    /** One batch of every table is read by rows. */
    boolean columnar() {
      return number % BATCHES < BATCHES - 1;
    }

    String zone() {
      return number % 3 == 1 ? "America/Los_Angeles" : "UTC";
    }

    String format() {
      return table.plain() && number % 2 == 0 ? "parquet" : "delta";
    }

    long seed() {
      return Corpus.SEED * 1_000 + number;
    }
  }

  /** What Delta Lake says of a batch: each row by its key, and each condition's keys. */
  private record Expected(Map<Long, String> rows, Map<String, Set<Long>> keys) {}

  @TempDir static Path directory;
  private final ExecutorService threads = Executors.newFixedThreadPool(2);
  private Corpus corpus;
  private final Map<String, Integer> made = new TreeMap<>();
  private int compared;
  private int selective;

  @BeforeAll
  void write() {
    corpus = new Corpus(directory);
  }

  @AfterAll
  void stop() {
    System.out.printf(
        "Seed %d: %d conditions, %d with some but not all rows; nodes: %s%n",
        Corpus.SEED, compared, selective, made);
    long dropped = corpus.filesDropped();
    threads.shutdownNow();
    corpus.close();
    // The servers are only hostile to what they are told.
    assertThat(dropped).isGreaterThan(500);
  }

  static Stream<Batch> batches() {
    CorpusTable[] tables = CorpusTable.values();
    return IntStream.range(0, tables.length * BATCHES)
        .mapToObj(number -> new Batch(tables[number / BATCHES], number));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("batches")
  void noRowIsLostAndNoneIsInvented(Batch batch) {
    List<String> wrong =
        Corpus.interpreted(
            () ->
                Corpus.with(
                    Map.of(
                        "spark.sql.session.timeZone",
                        batch.zone(),
                        "spark.sql.parquet.enableVectorizedReader",
                        Boolean.toString(batch.columnar())),
                    () -> wrongAnswers(batch)));
    assertThat(wrong)
        .withFailMessage(
            () ->
                "%d wrong answers. Replay with -Dcorpus.seed=%d. %s, columnar %s, %s format, %s:\n%s"
                    .formatted(
                        wrong.size(),
                        Corpus.SEED,
                        batch.table(),
                        batch.columnar(),
                        batch.format(),
                        batch.zone(),
                        String.join("\n", wrong.subList(0, Math.min(SHOWN, wrong.size())))))
        .isEmpty();
  }

  private List<String> wrongAnswers(Batch batch) {
    Dataset<Row> delta = corpus.delta(batch.table());
    Expected expected = expected(batch, delta);
    Map<String, String> options = Map.of("responseFormat", batch.format());
    List<Corpus.Source> sources = corpus.sources();
    List<Dataset<Row>> tables =
        sources.stream().map(source -> source.read(batch.table(), options)).toList();
    Dataset<Row> unpushed =
        sources
            .get(0)
            .read(
                batch.table(),
                Map.of("responseFormat", batch.format(), "filterPushdown.enabled", "false"));
    List<Callable<List<String>>> checks = new ArrayList<>();
    for (Map.Entry<String, Set<Long>> condition : expected.keys().entrySet()) {
      int at = checks.size();
      int source = at % sources.size();
      checks.add(
          () -> {
            List<String> wrong = new ArrayList<>();
            check(tables.get(source), condition, expected.rows(), at / sources.size())
                .ifPresent(
                    difference -> {
                      wrong.add(
                          describe(sources.get(source).name(), condition.getKey(), difference));
                      // Tells a defect of ours from one of Spark, whose filters and projections
                      // differ.
                      difference(keys(delta.where(condition.getKey())), condition.getValue())
                          .ifPresent(found -> wrong.add("  as Delta Lake's own filter: " + found));
                    });
            if (at % SAMPLE == 0) {
              difference(keys(delta.where(condition.getKey())), condition.getValue())
                  .ifPresent(found -> wrong.add(describe("Delta Lake", condition.getKey(), found)));
              difference(keys(unpushed.where(condition.getKey())), condition.getValue())
                  .ifPresent(found -> wrong.add(describe("unpushed", condition.getKey(), found)));
            }
            return wrong;
          });
      compared++;
      int size = condition.getValue().size();
      selective += size > 0 && size < expected.rows().size() ? 1 : 0;
    }
    return all(checks);
  }

  /** Some at a time: the driver's work is most of it. */
  private List<String> all(List<Callable<List<String>>> checks) {
    List<String> wrong = new ArrayList<>();
    try {
      for (Future<List<String>> check : threads.invokeAll(checks)) {
        wrong.addAll(check.get());
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
    return wrong;
  }

  private static String describe(String source, String condition, String difference) {
    return "  through %s: %s. WHERE %s".formatted(source, difference, condition);
  }

  /** Draws conditions until there are enough which Delta Lake can evaluate, of nearly all drawn. */
  private Expected expected(Batch batch, Dataset<Row> delta) {
    RandomPredicate predicates =
        new RandomPredicate(new Random(batch.seed()), batch.table().columns());
    Map<String, Set<Long>> keys = new LinkedHashMap<>();
    int drawn = 0;
    int refused = 0;
    while (keys.size() < BATCH) {
      List<String> more = new ArrayList<>();
      while (more.size() < BATCH - keys.size()) {
        drawn++;
        String condition = predicates.next();
        if (analyses(delta, condition)) {
          more.add(condition);
        } else {
          refused++;
        }
      }
      refused += evaluate(delta, more, keys);
    }
    predicates.made().forEach((kind, count) -> made.merge(kind, count, Integer::sum));
    assertThat(refused).as("refused of %d by Delta Lake itself", drawn).isLessThan(drawn / 20 + 1);
    Map<Long, String> rows = new TreeMap<>();
    delta.collectAsList().forEach(row -> rows.put(row.getAs("id"), Rows.render(row)));
    return new Expected(rows, keys);
  }

  private static boolean analyses(Dataset<Row> delta, String condition) {
    try {
      delta.where(condition);
      return true;
    } catch (Exception e) {
      // Scala throws it without saying so.
      if (e instanceof AnalysisException) {
        return false;
      }
      throw e;
    }
  }

  /** Adds the keys of each condition's rows; returns how many conditions failed. */
  private static int evaluate(
      Dataset<Row> delta, List<String> conditions, Map<String, Set<Long>> keys) {
    List<Row> rows;
    try {
      rows = delta.select(projection(conditions)).collectAsList();
    } catch (RuntimeException e) {
      return conditions.size() == 1
          ? 1
          : conditions.stream().mapToInt(one -> evaluate(delta, List.of(one), keys)).sum();
    }
    for (int i = 0; i < conditions.size(); i++) {
      Set<Long> matching = new TreeSet<>();
      for (Row row : rows) {
        if (!row.isNullAt(i + 1) && row.getBoolean(i + 1)) {
          matching.add(row.getLong(0));
        }
      }
      keys.put(conditions.get(i), matching);
    }
    return 0;
  }

  private static Column[] projection(List<String> conditions) {
    List<Column> columns = new ArrayList<>(List.of(functions.col("id")));
    for (int i = 0; i < conditions.size(); i++) {
      columns.add(functions.expr(conditions.get(i)).as("p" + i));
    }
    return columns.toArray(Column[]::new);
  }

  /** Mostly keys alone; sometimes whole rows, or only their number. */
  private static Optional<String> check(
      Dataset<Row> table,
      Map.Entry<String, Set<Long>> condition,
      Map<Long, String> rows,
      int turn) {
    try {
      Dataset<Row> found = table.where(condition.getKey());
      Set<Long> expected = condition.getValue();
      return switch (turn % 5) {
        case 0 -> {
          long count = found.count();
          yield count == expected.size()
              ? Optional.empty()
              : Optional.of("count %d instead of %d".formatted(count, expected.size()));
        }
        case 1 -> wholeRows(found, expected, rows);
        default -> difference(keys(found), expected);
      };
    } catch (RuntimeException e) {
      return Optional.of(e.toString());
    }
  }

  private static Optional<String> wholeRows(
      Dataset<Row> found, Set<Long> expected, Map<Long, String> rows) {
    List<Long> keys = new ArrayList<>();
    List<String> other = new ArrayList<>();
    for (Row row : found.collectAsList()) {
      Long key = row.getAs("id");
      keys.add(key);
      if (!Rows.render(row).equals(rows.get(key))) {
        other.add(Rows.render(row) + " instead of " + rows.get(key));
      }
    }
    return difference(keys, expected)
        .or(() -> other.isEmpty() ? Optional.empty() : Optional.of(other.get(0)));
  }

  private static List<Long> keys(Dataset<Row> found) {
    return found.select("id").collectAsList().stream().map(row -> row.getLong(0)).toList();
  }

  private static Optional<String> difference(List<Long> found, Set<Long> expected) {
    Set<Long> missing = new TreeSet<>(expected);
    missing.removeAll(new TreeSet<>(found));
    List<Long> extra = new ArrayList<>(found);
    expected.forEach(extra::remove);
    return missing.isEmpty() && extra.isEmpty()
        ? Optional.empty()
        : Optional.of("missing ids %s, extra ids %s".formatted(missing, extra));
  }
}
