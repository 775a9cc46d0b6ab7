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
import io.github.deltasharing.server.storage.FileIdScheme;
import io.github.deltasharing.server.table.TableFile;
import io.github.deltasharing.server.table.TableSnapshot;
import io.github.deltasharing.table.FileFacts;
import io.github.deltasharing.table.FileFilter;
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
final class QueryHints {
  private static final Logger LOG = LoggerFactory.getLogger(QueryHints.class);

  private final List<FileFilter> byPartition;
  private final List<FileFilter> byStatistics;
  private final HintBudget.Clock clock;
  private final ClientPresence client;

  private QueryHints(
      List<FileFilter> byPartition,
      List<FileFilter> byStatistics,
      HintBudget.Clock clock,
      ClientPresence client) {
    this.byPartition = byPartition;
    this.byStatistics = byStatistics;
    this.clock = clock;
    this.client = client;
  }

  /**
   * The hints of a query, as the settings allow.
   *
   * @param client whom the response is for
   */
  static QueryHints of(
      QueryBody request,
      TableSnapshot snapshot,
      ServerSettings settings,
      HintBudget budget,
      ClientPresence client) {
    HintBudget.Clock clock =
        budget.start(FileIdScheme.OWN.id(snapshot.table().key() + "\n" + request.fingerprint()));
    if (!clock.isRunning()) {
      return new QueryHints(List.of(), List.of(), clock, client);
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
    return new QueryHints(byPartition, byStatistics, clock, client);
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
    client.check();
    if ((byPartition.isEmpty() && byStatistics.isEmpty()) || !clock.isRunning()) {
      return true;
    }
    clock.start();
    try {
      FileFacts partition = FileFacts.of(file.partitionValues(), null);
      if (!byPartition.stream().allMatch(filter -> filter.mayMatch(partition))) {
        return false;
      }
      FileFacts facts = FileFacts.of(file.partitionValues(), file.stats().orElse(null));
      return byStatistics.stream().allMatch(filter -> filter.mayMatch(facts));
    } finally {
      clock.stop();
    }
  }
}
