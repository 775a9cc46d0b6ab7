package io.github.deltasharing.spark;

import io.github.deltasharing.client.ScanHints;
import io.github.deltasharing.read.Execution;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.QueryPlanningTracker;
import scala.Option;

/**
 * Lets all scans of one table in one query see one snapshot: the first asks the server, the others
 * get its answer, or ask for other files of the same version. A self-join of a table that moves on
 * in between would else join two versions. Thread-safe; driver only.
 *
 * <p>Answers are held weakly: the scans hold them as long as the query lives.
 */
final class QuerySnapshots {
  private static final int MOST_KEPT = 1_000;
  private static final QuerySnapshots SHARED = new QuerySnapshots();

  private final Map<Key, List<Answer>> snapshots = new LinkedHashMap<>();

  /** One table, as one recipient sees it, in one query. */
  private record Key(String application, Object query, Object table) {}

  /** What the server answered to one read with some hints. */
  private record Answer(Object read, ScanHints hints, WeakReference<Snapshot> result) {}

  /** Asks the server. */
  interface Question {
    /**
     * @param pinned an answer whose version this one should have, or null
     */
    Snapshot ask(Snapshot pinned);
  }

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
   * @param planning from {@link #planning}; where it is null, the running execution stands for the
   *     query
   * @param table what is read: equal for reads that are to see one version
   * @param read what is read and how: equal for reads that get the same answer
   * @param hints what the files may be left out by
   * @param question asks the server; always, where Spark plans outside of a query
   */
  Snapshot get(
      SparkSession spark,
      Object planning,
      Object table,
      Object read,
      ScanHints hints,
      Question question) {
    SparkContext context = spark.sparkContext();
    String execution = Execution.ofDriver(context);
    // The plan's own key is the same when it is explained and when it runs.
    Object known = planning == null ? execution : planning;
    if (known == null) {
      return question.ask(null);
    }
    Key key = new Key(context.applicationId(), known, table);
    Snapshot found = find(key, read, hints);
    while (found == null) {
      // Two may ask at once: the answer that is kept first says which version it is.
      found = keep(key, read, hints, question.ask(any(key)));
    }
    return found;
  }

  /** An answer to the same hints, or one with all files. */
  private synchronized Snapshot find(Key key, Object read, ScanHints hints) {
    Snapshot all = null;
    for (Answer answer : snapshots.getOrDefault(key, List.of())) {
      Snapshot result = answer.read().equals(read) ? answer.result().get() : null;
      if (result != null && answer.hints().equals(hints)) {
        return result;
      }
      all = result != null && answer.hints().equals(ScanHints.NONE) ? result : all;
    }
    return all;
  }

  private synchronized Snapshot any(Key key) {
    return snapshots.getOrDefault(key, List.of()).stream()
        .map(answer -> answer.result().get())
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** The answer to use; null when another one of another version came first. */
  private synchronized Snapshot keep(Key key, Object read, ScanHints hints, Snapshot result) {
    Snapshot first = find(key, read, hints);
    if (first != null) {
      return first;
    }
    Snapshot other = any(key);
    if (other != null && other.result().table().version() != result.result().table().version()) {
      return null;
    }
    snapshots.values().forEach(answers -> answers.removeIf(old -> old.result().get() == null));
    snapshots.values().removeIf(List::isEmpty);
    snapshots
        .computeIfAbsent(key, k -> new ArrayList<>())
        .add(new Answer(read, hints, new WeakReference<>(result)));
    Iterator<Key> oldest = snapshots.keySet().iterator();
    while (snapshots.size() > MOST_KEPT) {
      oldest.next();
      oldest.remove();
    }
    return result;
  }
}
