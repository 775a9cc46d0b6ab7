/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.testing.Corpus;
import io.github.deltasharing.testing.CorpusTable;
import io.github.deltasharing.testing.CorpusTable.CorpusColumn;
import io.github.deltasharing.testing.RandomPredicate;
import io.github.deltasharing.testing.Rows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Limits, first rows of an order, and aggregates over tables of every kind, through servers that
 * take every hint in the worst way: the same as over the rows that Delta Lake reads.
 */
class LimitsAndAggregatesTest {
  /** Of every table, besides no condition at all. */
  private static final int CONDITIONS = 5;

  @TempDir static Path directory;
  private static Corpus corpus;

  @BeforeAll
  static void write() {
    corpus = new Corpus(directory);
  }

  @AfterAll
  static void stop() {
    corpus.close();
  }

  /** A table through the servers in turn, in the formats in turn where it has both. */
  private static final class Turns {
    private final List<Dataset<Row>> ways = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private int next;

    Turns(CorpusTable table) {
      for (Corpus.Source source : corpus.sources()) {
        for (String format : table.plain() ? List.of("delta", "parquet") : List.of("delta")) {
          ways.add(source.read(table, Map.of("responseFormat", format)));
          names.add(source.name() + ", " + format + " format");
        }
      }
    }

    int size() {
      return ways.size();
    }

    /** Compares a query through the next way with the same over rows that Delta Lake read. */
    void compare(
        List<String> wrong,
        String what,
        Dataset<Row> rows,
        Function<Dataset<Row>, Dataset<Row>> query) {
      int way = next++ % ways.size();
      List<String> expected = Rows.of(query.apply(rows));
      record(
          wrong,
          what,
          way,
          () -> {
            List<String> found = Rows.of(query.apply(ways.get(way)));
            return found.equals(expected) ? "" : found + " instead of " + expected;
          });
    }

    /** Notes what is wrong with an answer, or how the query failed. */
    void record(List<String> wrong, String what, int way, Supplier<String> difference) {
      String found;
      try {
        found = difference.get();
      } catch (RuntimeException e) {
        found = e.toString();
      }
      if (!found.isEmpty()) {
        wrong.add("%s through %s: %s".formatted(what, names.get(way), found));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLimitGivesAsManyRowsAsThereAre(CorpusTable table) {
    assertNothing(
        table,
        () -> {
          Random random = new Random(Corpus.SEED + 1);
          Turns turns = new Turns(table);
          List<String> wrong = new ArrayList<>();
          for (String condition : conditions(table, random)) {
            List<String> matching = Rows.of(corpus.rows(table).where(condition).select("id"));
            for (int way = 0; way < turns.size(); way++) {
              int limit = List.of(1, 7, 12, 13, 40, 1000).get(random.nextInt(6));
              Dataset<Row> query = turns.ways.get(way).where(condition).select("id").limit(limit);
              turns.record(
                  wrong,
                  "limit %d WHERE %s".formatted(limit, condition),
                  way,
                  () -> limitDifference(Rows.of(query), matching, limit));
            }
          }
          return wrong;
        });
  }

  private static String limitDifference(List<String> found, List<String> matching, int limit) {
    List<String> others = new ArrayList<>(found);
    matching.forEach(others::remove);
    int expected = Math.min(limit, matching.size());
    return found.size() == expected && others.isEmpty()
        ? ""
        : "%d rows instead of %d, not matching: %s".formatted(found.size(), expected, others);
  }

  @ParameterizedTest
  @EnumSource
  void theFirstRowsOfAnOrder(CorpusTable table) {
    assertNothing(
        table,
        () -> {
          Random random = new Random(Corpus.SEED + 2);
          Turns turns = new Turns(table);
          List<String> wrong = new ArrayList<>();
          List<String> conditions = conditions(table, random);
          for (CorpusColumn column : table.columns()) {
            Column key = col(column.name());
            for (Column order :
                List.of(
                    key.asc_nulls_first(),
                    key.asc_nulls_last(),
                    key.desc_nulls_first(),
                    key.desc_nulls_last())) {
              int limit = 1 + random.nextInt(30);
              String condition =
                  random.nextInt(3) == 0
                      ? conditions.get(random.nextInt(conditions.size()))
                      : "true";
              // Equal keys may come from any of their rows.
              turns.compare(
                  wrong,
                  "%s limit %d WHERE %s".formatted(order, limit, condition),
                  corpus.rows(table),
                  rows -> rows.where(condition).orderBy(order).limit(limit).select(key));
            }
          }
          return wrong;
        });
  }

  @ParameterizedTest
  @EnumSource
  void aggregatesOfAllRows(CorpusTable table) {
    assertNothing(
        table,
        () -> {
          Turns turns = new Turns(table);
          List<String> wrong = new ArrayList<>();
          List<CorpusColumn> partitions =
              table.columns().stream().filter(CorpusColumn::partition).toList();
          for (int way = 0; way < turns.size(); way++) {
            turns.compare(wrong, "count(*)", corpus.rows(table), rows -> rows.agg(count(lit(1))));
          }
          for (CorpusColumn column : table.columns()) {
            Column value = col(column.name());
            // One that cannot be pushed keeps the others of its query from being pushed.
            for (Column aggregate : List.of(count(value), min(value), max(value))) {
              turns.compare(
                  wrong,
                  aggregate.toString(),
                  corpus.rows(table),
                  rows -> rows.agg(aggregate, count(lit(1))));
            }
            for (CorpusColumn partition : partitions) {
              turns.compare(
                  wrong,
                  column.name() + " by " + partition.name(),
                  corpus.rows(table),
                  rows ->
                      rows.groupBy(col(partition.name()))
                          .agg(count(value), min(value), max(value)));
            }
          }
          for (CorpusColumn partition : partitions) {
            for (CorpusColumn other : partitions) {
              turns.compare(
                  wrong,
                  "count(*) by " + partition.name() + " where " + other.name() + " is not null",
                  corpus.rows(table),
                  rows ->
                      rows.where(col(other.name()).isNotNull())
                          .groupBy(col(partition.name()))
                          .agg(count(lit(1))));
            }
          }
          return wrong;
        });
  }

  @ParameterizedTest
  @EnumSource
  void aggregatesUnderConditions(CorpusTable table) {
    assertNothing(
        table,
        () -> {
          Random random = new Random(Corpus.SEED + 3);
          Turns turns = new Turns(table);
          List<String> wrong = new ArrayList<>();
          for (String condition : conditions(table, random)) {
            for (int way = 0; way < turns.size(); way++) {
              CorpusColumn column = table.columns().get(random.nextInt(table.columns().size()));
              Column value = col(column.name());
              turns.compare(
                  wrong,
                  "aggregates of %s WHERE %s".formatted(column.name(), condition),
                  corpus.rows(table),
                  rows ->
                      rows.where(condition)
                          .agg(count(lit(1)), count(value), min(value), max(value)));
            }
          }
          return wrong;
        });
  }

  /** No condition, and some random ones. */
  private static List<String> conditions(CorpusTable table, Random random) {
    RandomPredicate predicates = new RandomPredicate(random, table.columns());
    List<String> conditions = new ArrayList<>(List.of("true"));
    while (conditions.size() <= CONDITIONS) {
      String condition = predicates.next();
      try {
        corpus.rows(table).where(condition);
        conditions.add(condition);
      } catch (Exception e) {
        // Scala throws it without saying so.
        assertThat(e).isInstanceOf(AnalysisException.class);
      }
    }
    return conditions;
  }

  private static void assertNothing(CorpusTable table, Supplier<List<String>> wrongAnswers) {
    List<String> wrong = Corpus.interpreted(wrongAnswers);
    assertThat(wrong)
        .withFailMessage(
            () ->
                "%s: %d wrong answers. Replay with -Dcorpus.seed=%d.\n%s"
                    .formatted(
                        table,
                        wrong.size(),
                        Corpus.SEED,
                        String.join("\n", wrong.stream().limit(10).toList())))
        .isEmpty();
  }
}
