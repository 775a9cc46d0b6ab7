/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.protocol.predicate.JsonPredicate;
import io.github.deltasharing.source.index.FileTest.Verdict;
import io.github.deltasharing.table.FileFacts;
import io.github.deltasharing.table.FileFilter;
import io.github.deltasharing.table.FileGroup;
import io.github.deltasharing.table.FilterColumns;
import io.github.deltasharing.table.HintCompiler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What of a query's evaluation counts as time of its hints, by a clock that reading files moves.
 */
@Tag("unit")
class QueryHintsTest {
  private static final Duration TIME = Duration.ofSeconds(3);
  private static final String SCHEMA =
      """
      {"type":"struct","fields":[
       {"name":"id","type":"long","nullable":true,"metadata":{}}]}""";

  private long now;
  private final HintBudget budget = new HintBudget(TIME, () -> now);

  private QueryHints hints() {
    return new QueryHints(List.of(), List.of(idIs(7)), budget.start("hints"), () -> {});
  }

  private static FileFilter idIs(long value) {
    return new HintCompiler(new FilterColumns(SCHEMA, List.of(), false))
        .compile(
            JsonPredicate.parse(
                """
                {"op":"equal","children":[
                 {"op":"column","name":"id","valueType":"long"},
                 {"op":"literal","value":"%d","valueType":"long"}]}"""
                    .formatted(value)));
  }

  /** A file with ids from this one on, of which the statistics take two seconds to be read. */
  private FileFacts file(int id) {
    now += Duration.ofSeconds(2).toNanos();
    return FileFacts.of(
        Map.of(),
        """
        {"numRecords":2,"minValues":{"id":%d},"maxValues":{"id":%d},"nullCount":{"id":0}}"""
            .formatted(id, id + 1));
  }

  @Test
  void firstLookAtTheColumnOfALargeTableDoesNotUseUpTheTime() {
    QueryHints hints = hints();
    FileGroup low = new FileGroup(3, this::file);
    FileGroup other = new FileGroup(3, i -> file(100 + i));
    FileGroup matching = new FileGroup(3, i -> file(5 + i));
    assertThat(hints.test(low)).isEqualTo(Verdict.NONE);
    assertThat(hints.test(other)).isEqualTo(Verdict.NONE);
    assertThat(hints.test(matching)).isEqualTo(Verdict.EACH);
    assertThat(Duration.ofNanos(now)).isGreaterThan(TIME);
    assertThat(hints().test(low)).isEqualTo(Verdict.NONE);
  }

  @Test
  void looksThatServeNoLaterQueryUseUpTheTime() {
    QueryHints hints = slow();
    FileGroup group = new FileGroup(3, i -> file(100 + i));
    assertThat(hints.test(group)).isEqualTo(Verdict.NONE);
    // The range is known by now: what follows is this query's own time, two seconds each.
    assertThat(hints.test(group)).isEqualTo(Verdict.NONE);
    assertThat(hints.test(group)).isEqualTo(Verdict.NONE);
    assertThat(hints.test(group)).isEqualTo(Verdict.ALL);
  }

  @Test
  void filesOneByOneUseUpTheTime() {
    QueryHints hints = slow();
    assertThat(hints.test(file(100))).isFalse();
    assertThat(hints.test(file(100))).isFalse();
    assertThat(hints.test(file(100))).isTrue();
  }

  /** Hints of which each look at the clock takes two seconds. */
  private QueryHints slow() {
    HintBudget budget = new HintBudget(TIME, () -> now += Duration.ofSeconds(2).toNanos());
    return new QueryHints(List.of(), List.of(idIs(7)), budget.start("hints"), () -> {});
  }
}
