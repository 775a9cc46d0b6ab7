package io.github.deltasharing.server;

import io.github.deltasharing.protocol.JsonPredicate;
import io.github.deltasharing.protocol.SqlHintParser;
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
 * skip nothing. Immutable.
 */
final class QueryHints {
  private static final Logger LOG = LoggerFactory.getLogger(QueryHints.class);

  private final List<FileFilter> byPartition;
  private final List<FileFilter> byStatistics;

  private QueryHints(List<FileFilter> byPartition, List<FileFilter> byStatistics) {
    this.byPartition = byPartition;
    this.byStatistics = byStatistics;
  }

  static QueryHints of(QueryRequest request, TableSnapshot snapshot, ServerSettings settings) {
    FilterColumns columns =
        new FilterColumns(
            KernelSchema.original(snapshot.metadata()),
            snapshot.partitionColumns(),
            snapshot.isMapped());
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
    return new QueryHints(byPartition, byStatistics);
  }

  private static void addJson(String json, HintCompiler compiler, List<FileFilter> target) {
    try {
      target.add(compiler.compile(JsonPredicate.parse(json)));
    } catch (IllegalArgumentException e) {
      LOG.debug("jsonPredicateHints not understood, all files are kept: {}", e.getMessage());
    }
  }

  /** Whether some row of the file may match all hints. */
  boolean mayMatch(SharedFile file) {
    FileFacts partition = FileFacts.of(file.partitionValues(), null);
    if (!byPartition.stream().allMatch(filter -> filter.mayMatch(partition))) {
      return false;
    }
    FileFacts facts = FileFacts.of(file.partitionValues(), file.stats().orElse(null));
    return byStatistics.stream().allMatch(filter -> filter.mayMatch(facts));
  }
}
