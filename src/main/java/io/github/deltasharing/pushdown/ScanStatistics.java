package io.github.deltasharing.pushdown;

import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.table.FileFacts;
import io.github.deltasharing.table.ValueRange;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.read.Statistics;
import org.apache.spark.sql.connector.read.colstats.ColumnStatistics;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** What the optimiser is told of a scan, for the order and the kind of joins. Immutable. */
public final class ScanStatistics implements Statistics {
  private final long bytes;
  private final OptionalLong rows;
  private final Map<NamedReference, ColumnStatistics> columnStatistics = new HashMap<>();

  /**
   * @param files those to be read
   * @param all the table's columns
   * @param read the columns that are read
   * @param perColumn whether anybody will look at the statistics of columns
   */
  public ScanStatistics(
      List<AddFile> files,
      StructType all,
      StructType read,
      ScanColumns columns,
      boolean perColumn) {
    List<FileFacts> facts = files.stream().map(FileFacts::of).toList();
    this.rows = rows(facts);
    this.bytes = bytes(files, all, read);
    if (perColumn && rows.isPresent()) {
      for (StructField field : read.fields()) {
        NamedReference name = Expressions.column("`" + field.name().replace("`", "``") + "`");
        columns
            .find(name)
            .ifPresent(column -> columnStatistics.put(name, new OfColumn(column, facts)));
      }
    }
  }

  private static OptionalLong rows(List<FileFacts> files) {
    long sum = 0;
    for (FileFacts file : files) {
      OptionalLong rows = file.liveRows();
      if (rows.isEmpty()) {
        return rows;
      }
      sum += rows.getAsLong();
    }
    return OptionalLong.of(sum);
  }

  /**
   * The larger of two guesses: the share of the files that the columns should have, and the rows at
   * their types' usual size. A table taken for too small would be broadcast.
   */
  private long bytes(List<AddFile> files, StructType all, StructType read) {
    double stored = files.stream().mapToLong(AddFile::size).sum();
    long share = (long) (stored * Math.min(1, (double) read.defaultSize() / all.defaultSize()));
    return Math.max(share, rows.orElse(0) * read.defaultSize());
  }

  @Override
  public OptionalLong sizeInBytes() {
    return OptionalLong.of(bytes);
  }

  @Override
  public OptionalLong numRows() {
    return rows;
  }

  @Override
  public Map<NamedReference, ColumnStatistics> columnStats() {
    return columnStatistics;
  }

  /** One column's; bounds where they are not exact, which is good enough for estimates. */
  private static final class OfColumn implements ColumnStatistics {
    private final ScanColumn column;
    private ValueRange range = null;
    private boolean bounded = true;
    private OptionalLong nulls = OptionalLong.of(0);
    private final Set<Object> distinct = new HashSet<>();

    OfColumn(ScanColumn column, List<FileFacts> files) {
      this.column = column;
      files.forEach(this::add);
    }

    private void add(FileFacts file) {
      ValueRange next = column.file().range(file);
      bounded &= !next.mayBeValue() || (next.lower() != null && next.upper() != null);
      OptionalLong values = column.file().valueCount(file);
      nulls =
          nulls.isPresent() && values.isPresent() && file.liveRows().isPresent()
              ? OptionalLong.of(
                  nulls.getAsLong() + file.liveRows().getAsLong() - values.getAsLong())
              : OptionalLong.empty();
      if (bounded && next.mayBeValue()) {
        distinct.add(next.lower());
        range = range == null ? next : range.including(next);
      }
    }

    /** Of partition columns only: a file's statistics do not say how many values it has. */
    @Override
    public OptionalLong distinctCount() {
      return column.isPartition() && bounded
          ? OptionalLong.of(distinct.size())
          : OptionalLong.empty();
    }

    @Override
    public Optional<Object> min() {
      return bounded && range != null && !range.mayBeNan()
          ? Optional.of(CatalystValues.internal(range.lower(), column.type()))
          : Optional.empty();
    }

    @Override
    public Optional<Object> max() {
      return bounded && range != null && !range.mayBeNan()
          ? Optional.of(CatalystValues.internal(range.upper(), column.type()))
          : Optional.empty();
    }

    @Override
    public OptionalLong nullCount() {
      return nulls;
    }
  }
}
