package io.github.deltasharing.spark;

import io.github.deltasharing.changes.ChangeFilter;
import io.github.deltasharing.changes.ChangeRange;
import io.github.deltasharing.changes.SchemaHistory;
import io.github.deltasharing.client.ChangesRequest;
import io.github.deltasharing.client.ChangesResult;
import io.github.deltasharing.client.TableMetadata;
import io.github.deltasharing.error.ChangeErrors;
import io.github.deltasharing.listing.CommitsRequest;
import io.github.deltasharing.listing.Listed;
import io.github.deltasharing.protocol.Protocol;
import io.github.deltasharing.table.TableFeatures;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request for the changes of a table, sent when the answer is first needed, and once. Reads of
 * one query that have no end see the same last version. Driver only; thread-safe.
 */
final class ChangesQuery {
  private static final Logger LOG = LoggerFactory.getLogger(ChangesQuery.class);

  /** Of this driver. */
  private static final QueryListings<ChangesResult> LISTINGS =
      new QueryListings<>(null, ChangesQuery::lastVersion);

  private final LoadedTable table;
  private final ChangeRange range;
  private final ChangeFilter filter;
  private final Object planning;
  private Listed<ChangesResult> answer;
  private long nanos;

  /**
   * @param planning the query that the scan was made for, as {@link QueryListings} knows it
   */
  ChangesQuery(LoadedTable table, ChangeRange range, ChangeFilter filter, Object planning) {
    this.planning = planning;
    this.table = table;
    this.range = range;
    this.filter = filter;
    Long start = range.start().version();
    if (start != null && table.latest() >= 0 && start > table.latest()) {
      throw ChangeErrors.startAfterLatest(table.name().toString(), start, table.latest());
    }
  }

  synchronized Listed<ChangesResult> answer() {
    if (answer == null) {
      long start = System.nanoTime();
      ChangeRange asked = filter.narrow(range, table.latest());
      Listed<ChangesResult> now = asked == null ? nothing() : list(asked);
      // Kept only when it fits: a listing that another read of the query made was checked by its
      // own
      // table.
      check(now.answer());
      answer = now;
      nanos = System.nanoTime() - start;
    }
    return answer;
  }

  /** How long the answer took; 0 before it came. */
  synchronized long nanos() {
    return nanos;
  }

  private Listed<ChangesResult> list(ChangeRange asked) {
    Object pinned = isOpen(asked) ? "changes" : asked;
    return LISTINGS.get(
        SparkSession.active(),
        new QueryListings.Read(
            planning, List.of(table.versionIdentity(), pinned), table.readIdentity(), asked),
        other -> ask(other == null ? asked : upTo(asked, lastVersion(other.answer()))));
  }

  /** Whether commits that are still to come belong to it. */
  private boolean isOpen(ChangeRange asked) {
    Long end = asked.end().version();
    return asked.end().isLatest() || (end != null && end > table.latest());
  }

  private ChangeRange upTo(ChangeRange asked, long last) {
    return last < 0 ? asked : asked.within(Long.MIN_VALUE, last, table.latest());
  }

  /**
   * The last version with changes in an answer to a request without an end: what came after it
   * until then changed no rows. −1 where it is not known.
   */
  private static long lastVersion(ChangesResult answer) {
    return answer.files().stream()
        .mapToLong(change -> change.file().version())
        .reduce(answer.table().version(), Math::max);
  }

  /**
   * @param asked null for no commits
   */
  private Listed<ChangesResult> ask(ChangeRange asked) {
    if (asked == null) {
      return nothing();
    }
    long start = System.nanoTime();
    Listed<ChangesResult> listed =
        table
            .files()
            .changes(
                new CommitsRequest(ChangesRequest.Feed.ROWS, asked.start(), asked.end(), null));
    LOG.info(
        "{}: {} files of changes{} listed in {} ms",
        table.name(),
        listed.answer().files().size(),
        asked,
        (System.nanoTime() - start) / 1_000_000);
    return listed;
  }

  /** Refuses an answer with versions whose files cannot be read by the schema of the table. */
  private void check(ChangesResult answered) {
    String name = table.name().toString();
    TableMetadata read = table.metadata();
    TableFeatures.check(name, answered.table().protocol(), answered.table().metadata());
    for (Protocol protocol : answered.laterProtocols()) {
      TableFeatures.check(name, protocol, answered.table().metadata());
    }
    new SchemaHistory(name, read.metadata(), read.version(), read.version() != table.latest())
        .check(answered);
  }

  private Listed<ChangesResult> nothing() {
    return Listed.nothing(
        new ChangesResult(table.metadata(), List.of(), List.of(), List.of(), null, 0));
  }
}
