package io.github.deltasharing.spark;

import io.github.deltasharing.client.ScanHints;
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
  private static final String ROOT_EXECUTION_ID = "spark.sql.execution.root.id";
  private static final String EXECUTION_ID = "spark.sql.execution.id";
  private static final int MOST_KEPT = 1_000;
  private static final QuerySnapshots SHARED = new QuerySnapshots();

  private final Map<Key, List<Answer>> snapshots = new LinkedHashMap<>();

  /** One table, as one read names it, in one query. */
  private record Key(String application, Object query, Object read) {}

  /** What the server answered to some hints. */
  private record Answer(ScanHints hints, WeakReference<Snapshot> result) {}

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
   * @param read what is read and how: equal for reads that get the same answer
   * @param hints what the files may be left out by
   * @param question asks the server; always, where Spark plans outside of a query
   */
  Snapshot get(
      SparkSession spark, Object planning, Object read, ScanHints hints, Question question) {
    SparkContext context = spark.sparkContext();
    String root = context.getLocalProperty(ROOT_EXECUTION_ID);
    String execution = root == null ? context.getLocalProperty(EXECUTION_ID) : root;
    // The plan's own key is the same when it is explained and when it runs.
    Object known = planning == null ? execution : planning;
    if (known == null) {
      return question.ask(null);
    }
    Key key = new Key(context.applicationId(), known, read);
    Snapshot found = find(key, hints);
    while (found == null) {
      // Two may ask at once: the answer that is kept first says which version it is.
      found = keep(key, hints, question.ask(any(key)));
    }
    return found;
  }

  /** An answer to the same hints, or one with all files. */
  private synchronized Snapshot find(Key key, ScanHints hints) {
    Snapshot all = null;
    for (Answer answer : snapshots.getOrDefault(key, List.of())) {
      Snapshot result = answer.result().get();
      if (result != null && answer.hints().equals(hints)) {
        return result;
      }
      all = answer.hints().equals(ScanHints.NONE) ? result : all;
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
  private synchronized Snapshot keep(Key key, ScanHints hints, Snapshot result) {
    Snapshot first = find(key, hints);
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
        .add(new Answer(hints, new WeakReference<>(result)));
    Iterator<Key> oldest = snapshots.keySet().iterator();
    while (snapshots.size() > MOST_KEPT) {
      oldest.next();
      oldest.remove();
    }
    return result;
  }
}
