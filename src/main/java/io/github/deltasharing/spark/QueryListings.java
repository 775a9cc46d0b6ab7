/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.listing.Listed;
import io.github.deltasharing.read.ExecutionId;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.QueryPlanningTracker;
import scala.Option;

/**
 * Lets all scans of one table in one query see one version: the first lists files, the others get
 * its list, or list other files of the same version. A self-join of a table that moves on in
 * between would else join two versions. Thread-safe; driver only.
 *
 * <p>Refers to listings weakly: the scans keep them as long as the query lives.
 *
 * @param <A> what is listed
 */
final class QueryListings<A> {
  private static final int MOST_KEPT = 1_000;

  private final Object everything;
  private final ToLongFunction<A> version;
  private final Map<Key, List<Pooled<A>>> listings = new LinkedHashMap<>();

  /**
   * What a scan reads.
   *
   * @param planning from {@link #planning}; where it is null, the running execution identifies the
   *     query
   * @param pinned equal for reads that are to see one version
   * @param read what is read and how: equal for reads that get the same listing
   * @param scope which files of it
   */
  record Read(Object planning, Object pinned, Object read, Object scope) {}

  /** One table, as one recipient sees it, in one query. */
  private record Key(String application, Object query, Object pinned) {}

  /** A listing, and the read that it was made for. */
  private record Pooled<A>(Read to, WeakReference<Listed<A>> result) {}

  /** Lists files. */
  interface Lister<A> {
    /**
     * @param pinned a list whose version this one should have, or null
     */
    Listed<A> list(Listed<A> pinned);
  }

  /**
   * @param everything the scope whose files are those of all scopes, or null
   * @param version that a list is of
   */
  QueryListings(Object everything, ToLongFunction<A> version) {
    this.everything = everything;
    this.version = version;
  }

  /** What the query that this thread optimises is known by, or null. Scans are made then. */
  static Object planning() {
    Option<QueryPlanningTracker> tracker = QueryPlanningTracker.get();
    return tracker.isDefined() ? tracker.get() : null;
  }

  /**
   * The list for the query that this thread plans.
   *
   * @param lister lists files; called each time where Spark plans outside of a query
   */
  Listed<A> get(SparkSession spark, Read read, Lister<A> lister) {
    SparkContext context = spark.sparkContext();
    String execution = ExecutionId.ofDriver(context);
    // The plan's own key is the same when it is explained and when it runs.
    Object known = read.planning() == null ? execution : read.planning();
    if (known == null) {
      return lister.list(null);
    }
    Key key = new Key(context.applicationId(), known, read.pinned());
    Listed<A> found = find(key, read);
    while (found == null) {
      // Two threads may list at once: the listing that is kept first sets the version.
      Listed<A> pinned = any(key);
      found = keep(key, read, lister.list(pinned), pinned != null);
    }
    return found;
  }

  /** A list of the same scope, or one of everything. */
  private synchronized Listed<A> find(Key key, Read read) {
    Listed<A> all = null;
    for (Pooled<A> pooled : listings.getOrDefault(key, List.of())) {
      Listed<A> result = pooled.to().read().equals(read.read()) ? pooled.result().get() : null;
      if (result != null && pooled.to().scope().equals(read.scope())) {
        return result;
      }
      all = result != null && pooled.to().scope().equals(everything) ? result : all;
    }
    return all;
  }

  private synchronized Listed<A> any(Key key) {
    return listings.getOrDefault(key, List.of()).stream()
        .map(pooled -> pooled.result().get())
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** The list to use; null when another one of another version came first. */
  private synchronized Listed<A> keep(Key key, Read read, Listed<A> result, boolean pinned) {
    Listed<A> first = find(key, read);
    if (first != null) {
      return first;
    }
    Listed<A> other = any(key);
    if (!pinned
        && other != null
        && version.applyAsLong(other.result()) != version.applyAsLong(result.result())) {
      return null;
    }
    listings.values().forEach(lists -> lists.removeIf(old -> old.result().get() == null));
    listings.values().removeIf(List::isEmpty);
    listings
        .computeIfAbsent(key, k -> new ArrayList<>())
        .add(new Pooled<>(read, new WeakReference<>(result)));
    Iterator<Key> oldest = listings.keySet().iterator();
    while (listings.size() > MOST_KEPT) {
      oldest.next();
      oldest.remove();
    }
    return result;
  }
}
