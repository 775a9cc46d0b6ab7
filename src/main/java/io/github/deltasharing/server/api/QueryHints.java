/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.api;

import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.predicate.JsonPredicate;
import io.github.deltasharing.protocol.predicate.SqlHintParser;
import io.github.deltasharing.server.config.ServerSettings;
import io.github.deltasharing.server.error.ClientGoneException;
import io.github.deltasharing.server.http.ClientPresence;
import io.github.deltasharing.source.TableFile;
import io.github.deltasharing.source.TableSnapshot;
import io.github.deltasharing.source.index.FileTest;
import io.github.deltasharing.table.FileFacts;
import io.github.deltasharing.table.FileFilter;
import io.github.deltasharing.table.FileGroup;
import io.github.deltasharing.table.FilterColumns;
import io.github.deltasharing.table.HintCompiler;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hints of one query: skips the files of which no row can match. Hints that are not understood
 * skip nothing, and neither do those that take too long. Used by one thread.
 */
final class QueryHints implements FileTest {
  private static final Logger LOG = LoggerFactory.getLogger(QueryHints.class);

  private final List<FileFilter> byPartition;
  private final List<FileFilter> byStatistics;
  private final HintBudget.Clock clock;
  private final Runnable presence;

  /**
   * @param byPartition what partition values alone decide
   * @param byStatistics what statistics decide as well
   * @param clock measures the time that they take
   * @param presence throws when nobody waits for the response any more
   */
  QueryHints(
      List<FileFilter> byPartition,
      List<FileFilter> byStatistics,
      HintBudget.Clock clock,
      Runnable presence) {
    this.byPartition = byPartition;
    this.byStatistics = byStatistics;
    this.clock = clock;
    this.presence = presence;
  }

  /**
   * The hints of a query, as the settings allow.
   *
   * @param clock measures the time that they take, of what the query may
   * @param client whom the response is for
   */
  static QueryHints of(
      QueryBody request,
      TableSnapshot snapshot,
      ServerSettings settings,
      HintBudget.Clock clock,
      ClientPresence client) {
    if (!clock.isRunning()) {
      return new QueryHints(List.of(), List.of(), clock, client::check);
    }
    clock.start();
    Metadata metadata = snapshot.metadata();
    FilterColumns columns =
        new FilterColumns(metadata.schemaString(), metadata.partitionColumns(), isMapped(metadata));
    HintCompiler compiler = new HintCompiler(columns);
    List<FileFilter> byPartition = new ArrayList<>();
    List<FileFilter> byStatistics = new ArrayList<>();
    if (settings.evaluatePredicateHints()) {
      for (String sql : request.predicateHints()) {
        SqlHintParser.parse(sql, columns::constantType)
            .map(compiler::compile)
            .ifPresent(byStatistics::add);
      }
    }
    if (settings.evaluateJsonPredicateHints() || settings.evaluateJsonPredicateHintsV2()) {
      List<FileFilter> target =
          settings.evaluateJsonPredicateHintsV2() ? byStatistics : byPartition;
      request.jsonPredicateHints().ifPresent(json -> addJson(json, compiler, target));
    }
    clock.stop();
    return new QueryHints(byPartition, byStatistics, clock, client::check);
  }

  /** Whether files know columns by their physical names. */
  private static boolean isMapped(Metadata metadata) {
    return !metadata
        .configuration()
        .getOrDefault("delta.columnMapping.mode", "none")
        .equalsIgnoreCase("none");
  }

  private static void addJson(String json, HintCompiler compiler, List<FileFilter> target) {
    try {
      target.add(compiler.compile(JsonPredicate.parse(json)));
    } catch (IllegalArgumentException e) {
      LOG.debug("jsonPredicateHints not understood, all files are kept: {}", e.getMessage());
    }
  }

  /**
   * Whether some row of the file may match all hints.
   *
   * @throws ClientGoneException when the client does not wait for the response any more
   */
  boolean mayMatch(TableFile file) {
    presence.run();
    if ((byPartition.isEmpty() && byStatistics.isEmpty()) || !clock.isRunning()) {
      return true;
    }
    return mayMatch(FileFacts.of(file.partitionValues(), file.stats().orElse(null)));
  }

  private boolean mayMatch(FileFacts facts) {
    clock.start();
    try {
      return (byPartition.isEmpty() || passesByPartition(facts))
          && byStatistics.stream().allMatch(filter -> filter.mayMatch(facts));
    } finally {
      clock.stop();
    }
  }

  private boolean passesByPartition(FileFacts facts) {
    FileFacts partition = FileFacts.of(facts.partitionValues(), (String) null);
    return byPartition.stream().allMatch(filter -> filter.mayMatch(partition));
  }

  /**
   * The same of many files at once. What is found out about a column for the first time serves
   * every later query of the version, and is done for few columns: it does not count as time of
   * this query's hints, which a large table's would exceed by it.
   */
  @Override
  public Verdict test(FileGroup group) {
    presence.run();
    if ((byPartition.isEmpty() && byStatistics.isEmpty()) || !clock.isRunning()) {
      return Verdict.ALL;
    }
    int known = group.knownRanges();
    clock.start();
    try {
      return byStatistics.stream().allMatch(group::mayMatch) ? Verdict.EACH : Verdict.NONE;
    } finally {
      if (group.knownRanges() == known) {
        clock.stop();
      }
    }
  }

  @Override
  public boolean test(FileFacts file) {
    presence.run();
    return !clock.isRunning() || mayMatch(file);
  }
}
