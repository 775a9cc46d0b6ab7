/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.StreamingQueryProgress;
import org.apache.spark.sql.streaming.Trigger;

/** Runs streams to their end, and keeps what came of them, batch by batch. */
public final class StreamRuns {
  /** What one run read: the rendered rows of each batch, and what the query said of itself. */
  public record Run(List<List<String>> batches, List<StreamingQueryProgress> progress) {
    /** All rows, sorted. */
    public List<String> rows() {
      List<String> rows = new ArrayList<>();
      batches.forEach(rows::addAll);
      rows.sort(null);
      return rows;
    }
  }

  private StreamRuns() {}

  /** Switches code generation off or on: streams plan each batch anew, and none is long. */
  public static void interpret(boolean on) {
    RuntimeConfig conf = TestSpark.session().conf();
    if (on) {
      conf.set("spark.sql.codegen.wholeStage", false);
      conf.set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    } else {
      conf.unset("spark.sql.codegen.wholeStage");
      conf.unset("spark.sql.codegen.factoryMode");
    }
  }

  /** A stream of a Delta table, as Delta Lake reads it. */
  public static Dataset<Row> delta(Path table, Map<String, String> options) {
    return TestSpark.session().readStream().format("delta").options(options).load(table.toString());
  }

  /** A stream of a shared table. */
  public static Dataset<Row> shared(Recipient share, String table, Map<String, String> options) {
    return TestSpark.session()
        .readStream()
        .format("deltaSharing")
        .options(options)
        .load(share.path(table));
  }

  /** Reads what there is, and stops. */
  public static Run availableNow(Dataset<Row> stream, Path checkpoint)
      throws StreamingQueryException {
    return run(stream, checkpoint, Trigger.AvailableNow());
  }

  /** Reads by a trigger that ends by itself. */
  public static Run run(Dataset<Row> stream, Path checkpoint, Trigger trigger)
      throws StreamingQueryException {
    List<List<String>> batches = Collections.synchronizedList(new ArrayList<>());
    StreamingQuery query = start(stream, checkpoint, trigger, batches);
    query.awaitTermination();
    return new Run(batches, List.of(query.recentProgress()));
  }

  /** Starts a query that adds the rows of each batch to a list. */
  public static StreamingQuery start(
      Dataset<Row> stream, Path checkpoint, Trigger trigger, List<List<String>> batches) {
    VoidFunction2<Dataset<Row>, Long> keep =
        (batch, id) -> {
          List<String> rows = new ArrayList<>();
          batch.collectAsList().forEach(row -> rows.add(Rows.render(row)));
          rows.sort(null);
          batches.add(rows);
        };
    try {
      return stream
          .writeStream()
          .option("checkpointLocation", checkpoint.toString())
          .trigger(trigger)
          .foreachBatch(keep)
          .start();
    } catch (TimeoutException e) {
      throw new AssertionError(e);
    }
  }
}
