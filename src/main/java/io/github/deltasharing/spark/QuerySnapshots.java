package io.github.deltasharing.spark;

import io.github.deltasharing.client.QueryResult;
import java.lang.ref.WeakReference;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.QueryPlanningTracker;
import scala.Option;

/**
 * Lets all scans of one table in one query see one snapshot: the first asks the server, the others
 * get its answer. A self-join of a table that moves on in between would else join two versions.
 * Thread-safe; driver only.
 *
 * <p>Answers are held weakly: the scans hold them as long as the query lives.
 */
final class QuerySnapshots {
  private static final String ROOT_EXECUTION_ID = "spark.sql.execution.root.id";
  private static final String EXECUTION_ID = "spark.sql.execution.id";
  private static final int MOST_KEPT = 1_000;
  private static final QuerySnapshots SHARED = new QuerySnapshots();

  private final Map<Key, WeakReference<QueryResult>> snapshots = new LinkedHashMap<>();

  /** One table, as one read names it, in one query. */
  private record Key(String application, Object query, Object read) {}

  private QuerySnapshots() {}

  static QuerySnapshots shared() {
    return SHARED;
  }

  /** What the query that this thread optimises is known by, or null. Scans are made then. */
  static Object planning() {
    Option<QueryPlanningTracker> tracker = QueryPlanningTracker.get();
    return tracker.isDefined() ? tracker.get() : null;
  }

  /**
   * The snapshot for the query that this thread plans.
   *
   * @param planning from {@link #planning}: stands for queries that have no execution id, such as
   *     those of {@code Dataset.rdd}
   * @param read what is read and how: equal for reads that get the same answer
   * @param query asks the server; always, where Spark plans outside of a query
   */
  QueryResult get(SparkSession spark, Object planning, Object read, Supplier<QueryResult> query) {
    SparkContext context = spark.sparkContext();
    String root = context.getLocalProperty(ROOT_EXECUTION_ID);
    String execution = root == null ? context.getLocalProperty(EXECUTION_ID) : root;
    Object known = execution == null ? planning : execution;
    if (known == null) {
      return query.get();
    }
    Key key = new Key(context.applicationId(), known, read);
    QueryResult found = find(key);
    // Two that ask at once both get an answer; the one that is kept first holds for both.
    return found == null ? keep(key, query.get()) : found;
  }

  private synchronized QueryResult find(Key key) {
    WeakReference<QueryResult> kept = snapshots.get(key);
    return kept == null ? null : kept.get();
  }

  private synchronized QueryResult keep(Key key, QueryResult result) {
    QueryResult first = find(key);
    if (first != null) {
      return first;
    }
    snapshots.values().removeIf(kept -> kept.get() == null);
    snapshots.put(key, new WeakReference<>(result));
    Iterator<Key> oldest = snapshots.keySet().iterator();
    while (snapshots.size() > MOST_KEPT) {
      oldest.next();
      oldest.remove();
    }
    return result;
  }
}
