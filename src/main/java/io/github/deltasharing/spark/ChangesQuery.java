/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.changes.ChangeFilter;
import io.github.deltasharing.changes.ChangeRange;
import io.github.deltasharing.changes.SchemaHistory;
import io.github.deltasharing.changes.SharedHistory;
import io.github.deltasharing.client.ChangesRequest;
import io.github.deltasharing.client.ChangesResult;
import io.github.deltasharing.client.TableMetadata;
import io.github.deltasharing.error.ChangeErrors;
import io.github.deltasharing.listing.CommitsRequest;
import io.github.deltasharing.listing.Listed;
import io.github.deltasharing.protocol.Protocol;
import io.github.deltasharing.schema.TableFeatures;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request for the changes of a table, sent once, when the listing is first needed. Reads of one
 * query that have no end see the same last version. Driver only; thread-safe.
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
  private Listed<ChangesResult> listing;
  private long nanos;

  /**
   * @param range null for the part of the whole shared history that the filter leaves
   * @param planning the query that the scan was made for, as {@link QueryListings} knows it
   */
  ChangesQuery(LoadedTable table, ChangeRange range, ChangeFilter filter, Object planning) {
    this.planning = planning;
    this.table = table;
    this.range = range;
    this.filter = filter;
    Long start = range == null ? null : range.start().version();
    if (start != null && table.latest() >= 0 && start > table.latest()) {
      throw ChangeErrors.startAfterLatest(table.name().toString(), start, table.latest());
    }
  }

  synchronized Listed<ChangesResult> listing() {
    if (listing == null) {
      long start = System.nanoTime();
      ChangeRange requested = requested();
      Listed<ChangesResult> now = requested == null ? nothing() : pooled(requested);
      // Kept only when it fits: a listing that another read of the query made was checked by its
      // own
      // table.
      check(now.result());
      listing = now;
      nanos = System.nanoTime() - start;
    }
    return listing;
  }

  /** Null for no commits. */
  private ChangeRange requested() {
    return range == null
        ? new SharedHistory(table.client(), table.name(), table.latest())
            .range(filter, ChangeRange.end(table.conf()))
        : filter.narrow(range, table.latest());
  }

  /** How long the listing took; 0 before it is there. */
  synchronized long nanos() {
    return nanos;
  }

  private Listed<ChangesResult> pooled(ChangeRange requested) {
    Object pinned = isOpen(requested) ? "changes" : requested;
    return LISTINGS.get(
        SparkSession.active(),
        new QueryListings.Read(
            planning, List.of(table.versionIdentity(), pinned), table.readIdentity(), requested),
        other -> list(other == null ? requested : upTo(requested, lastVersion(other.result()))));
  }

  /** Whether commits that are still to come belong to it. */
  private boolean isOpen(ChangeRange requested) {
    Long end = requested.end().version();
    return requested.end().isLatest() || (end != null && end > table.latest());
  }

  private ChangeRange upTo(ChangeRange requested, long last) {
    return last < 0 ? requested : requested.within(Long.MIN_VALUE, last, table.latest());
  }

  /**
   * The last version with changes in the response to a request without an end: what came after it
   * until then changed no rows. −1 where it is not known.
   */
  private static long lastVersion(ChangesResult result) {
    return result.files().stream()
        .mapToLong(change -> change.file().version())
        .reduce(result.table().version(), Math::max);
  }

  /**
   * @param requested null for no commits
   */
  private Listed<ChangesResult> list(ChangeRange requested) {
    if (requested == null) {
      return nothing();
    }
    long start = System.nanoTime();
    Listed<ChangesResult> listed =
        table
            .files()
            .changes(
                new CommitsRequest(
                    ChangesRequest.Feed.ROWS, requested.start(), requested.end(), null));
    LOG.info(
        "{}: {} files of changes{} listed in {} ms",
        table.name(),
        listed.result().files().size(),
        requested,
        (System.nanoTime() - start) / 1_000_000);
    return listed;
  }

  /** Refuses a listing with versions whose files cannot be read by the schema of the table. */
  private void check(ChangesResult result) {
    String name = table.name().toString();
    TableMetadata read = table.metadata();
    TableFeatures.check(name, result.table().protocol(), result.table().metadata());
    for (Protocol protocol : result.laterProtocols()) {
      TableFeatures.check(name, protocol, result.table().metadata());
    }
    new SchemaHistory(name, read.metadata(), read.version(), read.version() != table.latest())
        .check(result);
  }

  private Listed<ChangesResult> nothing() {
    return Listed.nothing(
        new ChangesResult(table.metadata(), List.of(), List.of(), List.of(), null, 0));
  }
}
