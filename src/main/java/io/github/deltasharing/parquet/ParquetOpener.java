package io.github.deltasharing.parquet;

import io.github.deltasharing.storage.PrimedFile;
import java.io.IOException;
import java.time.ZoneId;
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
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.DateTimeUtils;
import org.apache.spark.sql.catalyst.util.RebaseDateTime.RebaseSpec;
import org.apache.spark.sql.execution.datasources.DataSourceUtils;
import org.apache.spark.sql.execution.datasources.parquet.ParquetReadSupport;
import org.apache.spark.sql.execution.datasources.parquet.ParquetRowIndexUtil;
import org.apache.spark.sql.execution.datasources.parquet.VectorizedParquetRecordReader;
import org.apache.spark.sql.types.StructType;
import scala.Function1;
import scala.Option;

/**
 * Opens Spark's Parquet readers over shared files: reads the footer, tells the file which ranges
 * will be read, then starts the reader. One for a task; used by its thread. What it returns is
 * closed by the caller.
 */
public final class ParquetOpener {
  private final ParquetSettings settings;
  private final JobConf hadoop;
  private final TaskAttemptContext context;
  private final StructType readSchema;
  private final ColumnRanges columns;

  /**
   * Name of a column that is in no file: asked for, it holds each row's position in its file. A
   * BIGINT.
   */
  public static final String ROW_INDEX = "_tmp_metadata_row_index";

  /**
   * @param hadoop prepared by {@link ParquetSettings#configure}
   * @param readSchema the data columns asked for
   */
  public ParquetOpener(Configuration hadoop, ParquetSettings settings, StructType readSchema) {
    this.settings = settings;
    this.hadoop = new JobConf(hadoop);
    this.hadoop.set(ParquetReadSupport.SPARK_ROW_REQUESTED_SCHEMA(), readSchema.json());
    this.readSchema = readSchema;
    this.context =
        new TaskAttemptContextImpl(
            this.hadoop, new TaskAttemptID(new TaskID("delta-sharing", 0, TaskType.MAP, 0), 0));
    this.columns = new ColumnRanges(readSchema, settings.caseSensitive());
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
    Footer footer = footer(file, path, start, length);
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
        path,
        start,
        length,
        () -> {
          reader.initBatch(constantSchema, constants);
          reader.enableReturningBatches();
        });
  }

  /** Values are rows of the data columns. */
  public RecordReader<Void, InternalRow> openRows(
      PrimedFile file, Path path, long start, long length)
      throws IOException, InterruptedException {
    Footer footer = footer(file, path, start, length);
    ParquetReadSupport support =
        new ParquetReadSupport(
            Option.apply(footer.int96Zone()), false, footer.datetime(), footer.int96());
    RecordReader<Void, InternalRow> reader =
        ParquetRowIndexUtil.addRowIndexToRecordReaderIfNeeded(
            new ParquetRecordReader<>(support), readSchema);
    return started(reader, path, start, length, () -> {});
  }

  private <R extends RecordReader<?, ?>> R started(
      R reader, Path path, long start, long length, Runnable then)
      throws IOException, InterruptedException {
    boolean started = false;
    try {
      reader.initialize(new FileSplit(path, start, length, new String[0]), context);
      then.run();
      started = true;
      return reader;
    } finally {
      if (!started) {
        reader.close();
      }
    }
  }

  private Footer footer(PrimedFile file, Path path, long start, long length) throws IOException {
    HadoopInputFile input = HadoopInputFile.fromPath(path, hadoop);
    try (ParquetFileReader reader =
        ParquetFileReader.open(
            input,
            HadoopReadOptions.builder(hadoop, path).withRange(start, start + length).build())) {
      ParquetMetadata metadata = reader.getFooter();
      file.plan(columns.of(metadata.getFileMetaData().getSchema(), metadata.getBlocks()));
      return Footer.of(metadata.getFileMetaData(), settings);
    }
  }

  /** What a file's footer says about how its dates and times are to be read. */
  private record Footer(RebaseSpec datetime, RebaseSpec int96, ZoneId int96Zone) {
    static Footer of(FileMetaData metadata, ParquetSettings settings) {
      Map<String, String> keyValues = metadata.getKeyValueMetaData();
      Function1<String, String> lookup = keyValues::get;
      boolean foreignInt96 =
          settings.int96Conversion()
              && !(metadata.getCreatedBy() != null
                  && metadata.getCreatedBy().startsWith("parquet-mr"));
      return new Footer(
          DataSourceUtils.datetimeRebaseSpec(lookup, settings.datetimeRebaseMode()),
          DataSourceUtils.int96RebaseSpec(lookup, settings.int96RebaseMode()),
          foreignInt96 ? DateTimeUtils.getZoneId(settings.sessionTimeZone()) : null);
    }
  }
}
