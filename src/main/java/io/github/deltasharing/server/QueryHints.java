package io.github.deltasharing.server;

import io.github.deltasharing.protocol.JsonPredicate;
import io.github.deltasharing.protocol.SqlHintParser;
import io.github.deltasharing.table.FileStatistics;
import io.github.deltasharing.table.FilterColumns;
import io.github.deltasharing.table.PredicateEvaluator;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hints of one query: skips the files of which no row can match. Hints that are not understood
 * skip nothing. Immutable.
 */
final class QueryHints {
  private static final Logger LOG = LoggerFactory.getLogger(QueryHints.class);

  private final PredicateEvaluator evaluator;
  private final List<JsonPredicate> byPartition;
  private final List<JsonPredicate> byStatistics;

  private QueryHints(
      PredicateEvaluator evaluator,
      List<JsonPredicate> byPartition,
      List<JsonPredicate> byStatistics) {
    this.evaluator = evaluator;
    this.byPartition = byPartition;
    this.byStatistics = byStatistics;
  }

  static QueryHints of(QueryRequest request, TableSnapshot snapshot, ServerSettings settings) {
    FilterColumns columns =
        new FilterColumns(snapshot.metadata().getSchemaString(), snapshot.partitionColumns());
    List<JsonPredicate> byPartition = new ArrayList<>();
    List<JsonPredicate> byStatistics = new ArrayList<>();
    if (settings.evaluatePredicateHints()) {
      for (String sql : request.predicateHints()) {
        SqlHintParser.parse(sql, columns::constantType).ifPresent(byStatistics::add);
      }
    }
    if (settings.evaluateJsonPredicateHints() || settings.evaluateJsonPredicateHintsV2()) {
      List<JsonPredicate> target =
          settings.evaluateJsonPredicateHintsV2() ? byStatistics : byPartition;
      request.jsonPredicateHints().ifPresent(json -> addJson(json, target));
    }
    return new QueryHints(new PredicateEvaluator(columns), byPartition, byStatistics);
  }

  private static void addJson(String json, List<JsonPredicate> target) {
    try {
      target.add(JsonPredicate.parse(json));
    } catch (IllegalArgumentException e) {
      LOG.debug("jsonPredicateHints not understood, all files are kept: {}", e.getMessage());
    }
  }

  /** Whether some row of the file may match all hints. */
  boolean mayMatch(SharedFile file) {
    for (JsonPredicate predicate : byPartition) {
      if (!evaluator.mayMatch(predicate, file.partitionValues(), FileStatistics.NONE)) {
        return false;
      }
    }
    if (byStatistics.isEmpty()) {
      return true;
    }
    FileStatistics statistics = FileStatistics.parse(file.stats().orElse(null));
    for (JsonPredicate predicate : byStatistics) {
      if (!evaluator.mayMatch(predicate, file.partitionValues(), statistics)) {
        return false;
      }
    }
    return true;
  }
}
