/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import io.github.deltasharing.storage.PrimedFile;
import java.io.IOException;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapred.JobConf;
import org.apache.hadoop.mapreduce.RecordReader;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.TaskAttemptID;
import org.apache.hadoop.mapreduce.TaskID;
import org.apache.hadoop.mapreduce.TaskType;
import org.apache.hadoop.mapreduce.task.TaskAttemptContextImpl;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.hadoop.ParquetInputFormat;
import org.apache.parquet.hadoop.ParquetRecordReader;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.parquet.ParquetReadSupport;
import org.apache.spark.sql.execution.datasources.parquet.ParquetRowIndexUtil;
import org.apache.spark.sql.execution.datasources.parquet.VectorizedParquetRecordReader;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/**
 * Opens Spark's Parquet readers over shared files: {@link SplitPlan plans} which ranges will be
 * read of a file, then starts the reader. One for a task; used by its thread. What it returns is
 * closed by the caller.
 */
public final class ParquetOpener {
  /**
   * Name of a column that is in no file: when read, it has each row's position in its file. A
   * BIGINT. Spark's own readers fill it.
   */
  public static final String ROW_INDEX = "_tmp_metadata_row_index";

  /**
   * Key in a column's metadata: what users call it, where files call it otherwise. For messages.
   */
  public static final String COLUMN_NAME = "delta-sharing.name";

  private final ParquetSettings settings;
  private final JobConf hadoop;
  private final StructType readSchema;
  private final SplitPlanning planning;
  private TaskAttemptContext context;
  private StructType contextSchema;
  private FilterPredicate contextFilter;
  private boolean contextDictionaries;

  /**
   * @param hadoop prepared by {@link ParquetSettings#configure}
   * @param readSchema the data columns that are read
   * @param filters pushed filters, about columns as {@code readSchema} names them (Spark's form:
   *     parts quoted where needed, joined by dots). Hints: rows for which they do not hold may come
   *     out too
   */
  public ParquetOpener(
      Configuration hadoop, ParquetSettings settings, StructType readSchema, Filter[] filters) {
    this(hadoop, settings, readSchema, new StructType(), filters);
  }

  /**
   * The same for a table of which files with nulls in certain columns are refused, read or not.
   *
   * @param notNull those columns, as {@code readSchema} has such
   */
  public ParquetOpener(
      Configuration hadoop,
      ParquetSettings settings,
      StructType readSchema,
      StructType notNull,
      Filter[] filters) {
    this.settings = settings;
    this.hadoop = new JobConf(hadoop);
    // Each would be a round trip to the store before the first row, for less than statistics give.
    this.hadoop.setBoolean(ParquetInputFormat.BLOOM_FILTERING_ENABLED, false);
    // Spark filters rows itself, and faster.
    this.hadoop.setBoolean(ParquetInputFormat.RECORD_FILTERING_ENABLED, false);
    this.readSchema = readSchema;
    this.planning = SplitPlanning.of(this.hadoop, settings, readSchema, notNull, filters);
  }

  /** What is to be found out of a split before it is opened. */
  public SplitPlan plan(PrimedFile file, long start, long length) {
    return new SplitPlan(planning, file, start, length);
  }

  /**
   * Values are batches of vectors: data columns, then {@code constants} as constant vectors.
   *
   * @param path leads to the file
   */
  public RecordReader<Void, ?> openColumnar(
      SplitPlan plan, Path path, StructType constantSchema, InternalRow constants)
      throws IOException, InterruptedException {
    plan.finish();
    if (!plan.hasRows()) {
      return new NoRows<>();
    }
    VectorizedParquetRecordReader reader = vectorized(plan, path, constantSchema, constants);
    return plan.schema() == readSchema ? reader : new WideningReader(reader, readSchema);
  }

  /**
   * Values are rows of the data columns.
   *
   * @param path leads to the file
   */
  public RecordReader<Void, InternalRow> openRows(SplitPlan plan, Path path)
      throws IOException, InterruptedException {
    plan.finish();
    if (!plan.hasRows()) {
      return new NoRows<>();
    }
    if (plan.schema() != readSchema) {
      // Types are widened on vectors, whatever reader the session wants.
      VectorizedParquetRecordReader reader =
          vectorized(plan, path, new StructType(), InternalRow.empty());
      return new BatchRows(new WideningReader(reader, readSchema));
    }
    Footer footer = plan.footer();
    ParquetReadSupport support =
        new ParquetReadSupport(
            Option.apply(footer.int96Zone()), false, footer.datetime(), footer.int96());
    RecordReader<Void, InternalRow> reader =
        ParquetRowIndexUtil.addRowIndexToRecordReaderIfNeeded(
            new ParquetRecordReader<>(support), readSchema);
    return started(reader, plan, path, () -> {});
  }

  private VectorizedParquetRecordReader vectorized(
      SplitPlan plan, Path path, StructType constantSchema, InternalRow constants)
      throws IOException, InterruptedException {
    Footer footer = plan.footer();
    VectorizedParquetRecordReader reader =
        new VectorizedParquetRecordReader(
            footer.int96Zone(),
            footer.datetime().mode().toString(),
            footer.datetime().timeZone(),
            footer.int96().mode().toString(),
            footer.int96().timeZone(),
            settings.offHeap(),
            settings.batchRows());
    return started(
        reader,
        plan,
        path,
        () -> {
          reader.initBatch(constantSchema, constants);
          reader.enableReturningBatches();
        });
  }

  private <R extends RecordReader<?, ?>> R started(
      R reader, SplitPlan plan, Path path, Runnable then) throws IOException, InterruptedException {
    boolean started = false;
    try {
      reader.initialize(plan.split(path), context(plan));
      then.run();
      started = true;
      return reader;
    } finally {
      if (!started) {
        reader.close();
      }
    }
  }

  /** Files of a table are mostly alike: the last one's is kept. */
  private TaskAttemptContext context(SplitPlan plan) {
    if (context == null
        || !plan.schema().equals(contextSchema)
        || !Objects.equals(plan.filter(), contextFilter)
        || plan.dictionaries() != contextDictionaries) {
      JobConf conf = new JobConf(hadoop);
      conf.set(ParquetReadSupport.SPARK_ROW_REQUESTED_SCHEMA(), plan.schema().json());
      conf.setBoolean(ParquetInputFormat.DICTIONARY_FILTERING_ENABLED, plan.dictionaries());
      if (plan.filter() != null) {
        ParquetInputFormat.setFilterPredicate(conf, plan.filter());
      }
      context =
          new TaskAttemptContextImpl(
              conf, new TaskAttemptID(new TaskID("delta-sharing", 0, TaskType.MAP, 0), 0));
      contextSchema = plan.schema();
      contextFilter = plan.filter();
      contextDictionaries = plan.dictionaries();
    }
    return context;
  }
}
