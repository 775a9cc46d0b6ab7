package io.github.deltasharing.spark;

import io.github.deltasharing.changes.ChangeRange;
import io.github.deltasharing.pushdown.FilePruner;
import io.github.deltasharing.pushdown.PrunedFiles;
import io.github.deltasharing.pushdown.PushedScan;
import io.github.deltasharing.pushdown.RuntimeFilters;
import io.github.deltasharing.pushdown.ScanColumns;
import io.github.deltasharing.pushdown.ScanStatistics;
import io.github.deltasharing.read.ChangeColumns;
import io.github.deltasharing.table.FileFilter;
import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalLong;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.Statistics;
import org.apache.spark.sql.connector.read.SupportsReportPartitioning;
import org.apache.spark.sql.connector.read.SupportsReportStatistics;
import org.apache.spark.sql.connector.read.SupportsRuntimeV2Filtering;
import org.apache.spark.sql.connector.read.partitioning.KeyGroupedPartitioning;
import org.apache.spark.sql.connector.read.partitioning.Partitioning;
import org.apache.spark.sql.connector.read.partitioning.UnknownPartitioning;
import org.apache.spark.sql.connector.read.streaming.MicroBatchStream;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructType;

/**
 * One scan of a shared table: which columns are read, and what may be left out. Driver only;
 * thread-safe.
 */
final class SharingScan extends FileScan
    implements SupportsRuntimeV2Filtering, SupportsReportStatistics, SupportsReportPartitioning {
  private static final Statistics UNKNOWN =
      new Statistics() {
        @Override
        public OptionalLong sizeInBytes() {
          return OptionalLong.empty();
        }

        @Override
        public OptionalLong numRows() {
          return OptionalLong.empty();
        }
      };

  private final SharingTable table;
  private final ProjectedSchema schema;
  private final PushedScan pushed;
  private final ScanColumns columns;
  private final SnapshotQuery query;
  private final boolean grouped;

  /**
   * Spark filters a scan and then asks it for a batch, in one go; another plan node that shares the
   * scan must not get that batch.
   */
  private final ThreadLocal<FileFilter> runtimeFilter = new ThreadLocal<>();

  private volatile boolean streaming;
  private PrunedFiles files;
  private Statistics statistics;
  private boolean statisticsPerColumn;

  SharingScan(
      SharingTable table,
      ProjectedSchema schema,
      PushedScan pushed,
      ScanColumns columns,
      SnapshotQuery query) {
    super(schema.data());
    this.table = table;
    this.schema = schema;
    this.pushed = pushed;
    this.columns = columns;
    this.query = query;
    this.grouped =
        !schema.partition().isEmpty()
            && Boolean.parseBoolean(
                SQLConf.get().getConfString("spark.sql.sources.v2.bucketing.enabled", "false"));
  }

  @Override
  public StructType readSchema() {
    return schema.all();
  }

  @Override
  public String description() {
    String what = DeltaSharingProvider.NAME + " " + table.name() + table.asOf().suffix();
    String how = pushed.describe();
    return how.isEmpty() ? what : what + " (" + how + ")";
  }

  @Override
  public Batch toBatch() {
    ChangeRange.refuseStray(table.conf());
    FileFilter filter = runtimeFilter.get();
    runtimeFilter.remove();
    return new SharingBatch(this, filter);
  }

  @Override
  public MicroBatchStream toMicroBatchStream(String checkpointLocation) {
    streaming = true;
    return table.stream(new TableStreamScan(this));
  }

  @Override
  ReaderFactories readerFactories() {
    return new ReaderFactories(
        table.sharedSchema(),
        schema.data(),
        schema.partition(),
        schema.metadata(),
        ChangeColumns.NONE,
        table.read(),
        timeZone(),
        pushed.predicates().dataFilters(),
        columnar());
  }

  @Override
  public synchronized Statistics estimateStatistics() {
    if (streaming) {
      // A batch of a stream is not the table.
      return UNKNOWN;
    }
    boolean perColumn = SQLConf.get().cboEnabled() || SQLConf.get().planStatsEnabled();
    if (statistics == null || perColumn != statisticsPerColumn) {
      statistics =
          new ScanStatistics(
              files().files(), table.sharedSchema().logical(), schema.all(), columns, perColumn);
      statisticsPerColumn = perColumn;
    }
    return statistics;
  }

  /** By the partition columns that are read, where the session joins by them. */
  @Override
  public Partitioning outputPartitioning() {
    if (!grouped) {
      return new UnknownPartitioning(0);
    }
    Expression[] keys =
        Arrays.stream(schema.partition().fieldNames())
            .map(column -> Expressions.identity(ScanColumns.quoted(column)))
            .toArray(Expression[]::new);
    // Spark counts the partitions itself.
    return new KeyGroupedPartitioning(keys, files().files().size());
  }

  @Override
  public NamedReference[] filterAttributes() {
    if (!pushed.predicates().settings().runtimeFilters()) {
      return new NamedReference[0];
    }
    return Arrays.stream(readSchema().fieldNames())
        .map(ScanColumns::reference)
        .filter(columns::isComparable)
        .toArray(NamedReference[]::new);
  }

  @Override
  public void filter(Predicate[] predicates) {
    runtimeFilter.set(RuntimeFilters.of(predicates, columns));
  }

  SharingTable table() {
    return table;
  }

  ProjectedSchema schema() {
    return schema;
  }

  PushedScan pushed() {
    return pushed;
  }

  /** Whether each partition has files of one partition key only. */
  boolean grouped() {
    return grouped;
  }

  /** The files to read; asks the server at the first call. */
  synchronized PrunedFiles files() {
    if (files == null) {
      long start = System.nanoTime();
      files =
          new FilePruner(table.name(), pushed, timeZone()).prune(query.answer().result().files());
      metrics().planned(files, Math.max(System.nanoTime() - start, query.nanos()));
    }
    return files;
  }

  /** The answer that the files are from. */
  Snapshot snapshot() {
    return query.answer();
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof SharingScan that
        && table.identity().equals(that.table.identity())
        && schema.equals(that.schema)
        && pushed.equals(that.pushed)
        && timeZone().equals(that.timeZone())
        && columnar() == that.columnar()
        && grouped == that.grouped;
  }

  @Override
  public int hashCode() {
    return Objects.hash(table.identity(), schema, pushed);
  }
}
