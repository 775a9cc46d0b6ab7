/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Streams, run to their end, and broken off and started again. */
@DisplayName("streams")
class StreamChecks {
  static List<SharedStream> streams() {
    return TableReads.streams();
  }

  /** A shared table or its changes as a stream. */
  static Dataset<Row> open(SharedStream stream, Map<String, String> more) {
    Map<String, String> options = new HashMap<>(stream.options());
    options.putAll(more);
    return Conformance.spark()
        .readStream()
        .format("deltaSharing")
        .options(options)
        .load(Conformance.path(stream.table()));
  }

  /** Adds the rows of each batch; fails in place of the batch after so many. */
  static void run(Dataset<Row> stream, String checkpoint, List<String> rows, int batches)
      throws StreamingQueryException, TimeoutException {
    int[] done = {0};
    VoidFunction2<Dataset<Row>, Long> keep =
        (batch, id) -> {
          if (done[0]++ == batches) {
            throw new IllegalStateException("broken off");
          }
          batch.collectAsList().forEach(row -> rows.add(RenderedRows.render(row)));
        };
    // Not as an option: DataStreamWriter.option has another descriptor in Spark 4.
    Conformance.spark()
        .conf()
        .set(
            "spark.sql.streaming.checkpointLocation",
            Conformance.scratch("checkpoints").toString());
    stream
        .writeStream()
        .queryName(checkpoint.replace(' ', '_'))
        .trigger(Trigger.AvailableNow())
        .foreachBatch(keep)
        .start()
        .awaitTermination();
  }

  @DisplayName("to the end")
  @ParameterizedTest(name = "{0}")
  @MethodSource("streams")
  void toTheEnd(SharedStream stream) throws Exception {
    List<String> rows = Collections.synchronizedList(new ArrayList<>());
    Dataset<Row> opened = open(stream, Map.of());
    run(opened, stream.name(), rows, Integer.MAX_VALUE);
    Conformance.assertSame(RenderedRows.of(opened.schema().catalogString(), rows), stream.name());
  }

  /** Those that have several batches under a limit. */
  static List<SharedStream> longStreams() {
    return streams().stream()
        .filter(stream -> stream.options().containsKey("startingVersion"))
        .toList();
  }

  /** The batch that failed is done again, the others are not. */
  @DisplayName("started again from the checkpoint")
  @ParameterizedTest(name = "{0}")
  @MethodSource("longStreams")
  void startedAgain(SharedStream stream) throws Exception {
    List<String> rows = Collections.synchronizedList(new ArrayList<>());
    Map<String, String> limit = Map.of("maxFilesPerTrigger", "2");
    String checkpoint = stream.name() + " again";
    assertThat(catchThrowable(() -> run(open(stream, limit), checkpoint, rows, 1)))
        .hasStackTraceContaining("broken off");
    assertThat(rows).hasSizeLessThan(Conformance.expected(stream.name()).lines().size() - 1);
    Dataset<Row> opened = open(stream, limit);
    run(opened, checkpoint, rows, Integer.MAX_VALUE);
    Conformance.assertSame(RenderedRows.of(opened.schema().catalogString(), rows), stream.name());
  }

  /** A share has files, and no records that arrive one by one. By name: Spark 3.5 has no such. */
  @Test
  @FromSpark("4.1")
  @DisplayName("real-time mode is refused by name")
  void realTime() throws Exception {
    Trigger trigger =
        (Trigger) Trigger.class.getMethod("RealTime", String.class).invoke(null, "5 seconds");
    Conformance.spark()
        .conf()
        .set(
            "spark.sql.streaming.checkpointLocation",
            Conformance.scratch("checkpoints").toString());
    StreamingQuery query =
        open(streams().get(0), Map.of())
            .writeStream()
            .queryName("real_time")
            .format("console")
            .outputMode("update")
            .trigger(trigger)
            .start();
    assertThatThrownBy(query::awaitTermination)
        .hasMessageContaining("INPUT_STREAM_NOT_SUPPORTED")
        .hasMessageContaining("deltasharing");
  }
}
