package io.github.deltasharing.parquet;

import io.github.deltasharing.storage.PrimedFile;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapred.FileSplit;
import org.apache.hadoop.mapred.JobConf;
import org.apache.hadoop.mapreduce.RecordReader;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.TaskAttemptID;
import org.apache.hadoop.mapreduce.TaskID;
import org.apache.hadoop.mapreduce.TaskType;
import org.apache.hadoop.mapreduce.task.TaskAttemptContextImpl;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetRecordReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.parquet.ParquetReadSupport;
import org.apache.spark.sql.execution.datasources.parquet.ParquetRowIndexUtil;
import org.apache.spark.sql.execution.datasources.parquet.VectorizedParquetRecordReader;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/**
 * Opens Spark's Parquet readers over shared files: reads the footer, tells the file which ranges
 * will be read, then starts the reader. One for a task; used by its thread. What it returns is
 * closed by the caller.
 */
public final class ParquetOpener {
  /**
   * Name of a column that is in no file: asked for, it holds each row's position in its file. A
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
  private final ColumnRanges ranges;
  private final FileTypes fileTypes;
  private final Map<StructType, TaskAttemptContext> contexts = new HashMap<>();

  /**
   * @param hadoop prepared by {@link ParquetSettings#configure}
   * @param readSchema the data columns asked for
   */
  public ParquetOpener(Configuration hadoop, ParquetSettings settings, StructType readSchema) {
    this.settings = settings;
    this.hadoop = new JobConf(hadoop);
    this.readSchema = readSchema;
    ColumnMatcher matcher = new ColumnMatcher(settings.caseSensitive());
    this.ranges = new ColumnRanges(readSchema, matcher);
    this.fileTypes = new FileTypes(matcher);
  }

  /** Values are batches of vectors: data columns, then {@code constants} as constant vectors. */
  public RecordReader<Void, ?> openColumnar(
      PrimedFile file,
      Path path,
      long start,
      long length,
      StructType constantSchema,
      InternalRow constants)
      throws IOException, InterruptedException {
    FileSplit split = new FileSplit(path, start, length, new String[0]);
    Footer footer = footer(file, split);
    StructType inFile = fileTypes.of(readSchema, footer.schema(), file.file());
    VectorizedParquetRecordReader reader =
        vectorized(split, footer, inFile, constantSchema, constants);
    return inFile == readSchema ? reader : new WideningReader(reader, readSchema);
  }

  /** Values are rows of the data columns. */
  public RecordReader<Void, InternalRow> openRows(
      PrimedFile file, Path path, long start, long length)
      throws IOException, InterruptedException {
    FileSplit split = new FileSplit(path, start, length, new String[0]);
    Footer footer = footer(file, split);
    StructType inFile = fileTypes.of(readSchema, footer.schema(), file.file());
    if (inFile != readSchema) {
      // Types are widened on vectors, whatever reader the session wants.
      VectorizedParquetRecordReader reader =
          vectorized(split, footer, inFile, new StructType(), InternalRow.empty());
      return new BatchRows(new WideningReader(reader, readSchema));
    }
    ParquetReadSupport support =
        new ParquetReadSupport(
            Option.apply(footer.int96Zone()), false, footer.datetime(), footer.int96());
    RecordReader<Void, InternalRow> reader =
        ParquetRowIndexUtil.addRowIndexToRecordReaderIfNeeded(
            new ParquetRecordReader<>(support), readSchema);
    return started(reader, split, readSchema, () -> {});
  }

  private VectorizedParquetRecordReader vectorized(
      FileSplit split,
      Footer footer,
      StructType schema,
      StructType constantSchema,
      InternalRow constants)
      throws IOException, InterruptedException {
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
        split,
        schema,
        () -> {
          reader.initBatch(constantSchema, constants);
          reader.enableReturningBatches();
        });
  }

  private <R extends RecordReader<?, ?>> R started(
      R reader, FileSplit split, StructType schema, Runnable then)
      throws IOException, InterruptedException {
    boolean started = false;
    try {
      reader.initialize(split, contexts.computeIfAbsent(schema, this::context));
      then.run();
      started = true;
      return reader;
    } finally {
      if (!started) {
        reader.close();
      }
    }
  }

  private TaskAttemptContext context(StructType schema) {
    JobConf conf = new JobConf(hadoop);
    conf.set(ParquetReadSupport.SPARK_ROW_REQUESTED_SCHEMA(), schema.json());
    return new TaskAttemptContextImpl(
        conf, new TaskAttemptID(new TaskID("delta-sharing", 0, TaskType.MAP, 0), 0));
  }

  private Footer footer(PrimedFile file, FileSplit split) throws IOException {
    long end = split.getStart() + split.getLength();
    try (ParquetFileReader reader =
        ParquetFileReader.open(
            HadoopInputFile.fromPath(split.getPath(), hadoop),
            HadoopReadOptions.builder(hadoop, split.getPath())
                .withRange(split.getStart(), end)
                .build())) {
      Footer footer = Footer.of(reader.getFooter(), settings);
      file.plan(ranges.of(footer.schema(), footer.rowGroups()));
      return footer;
    }
  }
}
