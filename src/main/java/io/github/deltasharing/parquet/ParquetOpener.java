package io.github.deltasharing.parquet;

import io.github.deltasharing.storage.PrimedFile;
import java.io.IOException;
import java.util.Objects;
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
import org.apache.parquet.bytes.BytesUtils;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetInputFormat;
import org.apache.parquet.hadoop.ParquetRecordReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.parquet.ParquetReadSupport;
import org.apache.spark.sql.execution.datasources.parquet.ParquetRowIndexUtil;
import org.apache.spark.sql.execution.datasources.parquet.VectorizedParquetRecordReader;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/**
 * Opens Spark's Parquet readers over shared files: reads the footer, asks it which row groups and
 * pages the filters leave, tells the file which ranges will be read, then starts the reader. One
 * for a task; used by its thread. What it returns is closed by the caller.
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
  private final FileColumns fileColumns;
  private final FileTypes fileTypes;
  private final RowGroupFilters fileFilters;
  private final SplitRanges ranges;
  private TaskAttemptContext context;
  private StructType contextSchema;
  private FilterPredicate contextFilter;

  /**
   * What is known of a split before its reader starts.
   *
   * @param schema the types that the file is asked for
   * @param filter what the reader may skip rows by, or null
   * @param hasRows whether there is anything to read
   */
  private record Opened(
      FileSplit split, Footer footer, StructType schema, FilterPredicate filter, boolean hasRows) {}

  /**
   * @param hadoop prepared by {@link ParquetSettings#configure}
   * @param readSchema the data columns asked for
   * @param filters what holds for the rows asked for, about columns as {@code readSchema} names
   *     them (Spark's form: parts quoted where needed, joined by dots). Hints: rows for which they
   *     do not hold may come out too
   */
  public ParquetOpener(
      Configuration hadoop, ParquetSettings settings, StructType readSchema, Filter[] filters) {
    this.settings = settings;
    this.hadoop = new JobConf(hadoop);
    // Each would be a round trip to the store before the first row, for less than statistics give.
    this.hadoop.setBoolean(ParquetInputFormat.DICTIONARY_FILTERING_ENABLED, false);
    this.hadoop.setBoolean(ParquetInputFormat.BLOOM_FILTERING_ENABLED, false);
    // Spark filters rows itself, and faster.
    this.hadoop.setBoolean(ParquetInputFormat.RECORD_FILTERING_ENABLED, false);
    this.readSchema = readSchema;
    ColumnMatcher matcher = new ColumnMatcher(settings.caseSensitive());
    this.fileColumns = new FileColumns(readSchema, matcher);
    this.fileTypes = new FileTypes(matcher);
    this.fileFilters =
        new RowGroupFilters(
            filters, settings.pushdown(), new FilterableColumns(readSchema, matcher));
    this.ranges = new SplitRanges(this.hadoop);
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
    Opened opened = opened(file, new FileSplit(path, start, length, new String[0]));
    if (!opened.hasRows()) {
      return new NoRows<>();
    }
    VectorizedParquetRecordReader reader = vectorized(opened, constantSchema, constants);
    return opened.schema() == readSchema ? reader : new WideningReader(reader, readSchema);
  }

  /** Values are rows of the data columns. */
  public RecordReader<Void, InternalRow> openRows(
      PrimedFile file, Path path, long start, long length)
      throws IOException, InterruptedException {
    Opened opened = opened(file, new FileSplit(path, start, length, new String[0]));
    if (!opened.hasRows()) {
      return new NoRows<>();
    }
    if (opened.schema() != readSchema) {
      // Types are widened on vectors, whatever reader the session wants.
      VectorizedParquetRecordReader reader =
          vectorized(opened, new StructType(), InternalRow.empty());
      return new BatchRows(new WideningReader(reader, readSchema));
    }
    Footer footer = opened.footer();
    ParquetReadSupport support =
        new ParquetReadSupport(
            Option.apply(footer.int96Zone()), false, footer.datetime(), footer.int96());
    RecordReader<Void, InternalRow> reader =
        ParquetRowIndexUtil.addRowIndexToRecordReaderIfNeeded(
            new ParquetRecordReader<>(support), readSchema);
    return started(reader, opened, () -> {});
  }

  private VectorizedParquetRecordReader vectorized(
      Opened opened, StructType constantSchema, InternalRow constants)
      throws IOException, InterruptedException {
    Footer footer = opened.footer();
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
        opened,
        () -> {
          reader.initBatch(constantSchema, constants);
          reader.enableReturningBatches();
        });
  }

  private <R extends RecordReader<?, ?>> R started(R reader, Opened opened, Runnable then)
      throws IOException, InterruptedException {
    boolean started = false;
    try {
      reader.initialize(opened.split(), context(opened.schema(), opened.filter()));
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
  private TaskAttemptContext context(StructType schema, FilterPredicate filter) {
    if (context == null
        || !schema.equals(contextSchema)
        || !Objects.equals(filter, contextFilter)) {
      JobConf conf = new JobConf(hadoop);
      conf.set(ParquetReadSupport.SPARK_ROW_REQUESTED_SCHEMA(), schema.json());
      if (filter != null) {
        ParquetInputFormat.setFilterPredicate(conf, filter);
      }
      context =
          new TaskAttemptContextImpl(
              conf, new TaskAttemptID(new TaskID("delta-sharing", 0, TaskType.MAP, 0), 0));
      contextSchema = schema;
      contextFilter = filter;
    }
    return context;
  }

  private Opened opened(PrimedFile file, FileSplit split) throws IOException {
    InputFile input = HadoopInputFile.fromPath(split.getPath(), hadoop);
    long end = split.getStart() + split.getLength();
    try (ParquetFileReader reader =
        ParquetFileReader.open(
            input,
            HadoopReadOptions.builder(hadoop, split.getPath())
                .withRange(split.getStart(), end)
                .build())) {
      Footer footer = Footer.of(reader.getFooter(), footerBytes(input), settings);
      StructType schema = fileTypes.of(readSchema, footer.schema(), file.file());
      FilterPredicate filter = fileFilters.of(schema, footer);
      file.stats().needed(footer.bytes());
      boolean hasRows = ranges.plan(file, reader, fileColumns.of(footer.schema()), filter);
      return new Opened(split, footer, schema, filter, hasRows);
    }
  }

  /** A file ends with its footer, the footer's length in four bytes, and four more. */
  private static long footerBytes(InputFile input) throws IOException {
    try (SeekableInputStream in = input.newStream()) {
      in.seek(input.getLength() - 8);
      return BytesUtils.readIntLittleEndian(in) + 8L;
    }
  }
}
