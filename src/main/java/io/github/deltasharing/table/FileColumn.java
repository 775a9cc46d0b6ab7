package io.github.deltasharing.table;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * A column as a side of a {@link FileFilter}: finds what a file's partition values or statistics
 * say of it. Immutable.
 */
public final class FileColumn implements FileFilter.Operand {
  /**
   * Text statistics of this length may be a cut prefix, and not every writer rounds a maximum up.
   */
  private static final int CUT_TEXT_LENGTH = 32;

  /** What cutting a timestamp to milliseconds takes off at most. */
  private static final long CUT_TIMESTAMP_MICROS = 999;

  private final FilterColumn column;
  private final ValueKind kind;
  private final Function<String, Optional<FilterValue>> partitionParser;

  private FileColumn(
      FilterColumn column,
      ValueKind kind,
      Function<String, Optional<FilterValue>> partitionParser) {
    this.column = column;
    this.kind = kind;
    this.partitionParser = partitionParser;
  }

  /** A column of which values compare. */
  static FileColumn ordered(FilterColumn column) {
    ValueKind kind = column.kind().orElseThrow();
    return new FileColumn(column, kind, kind::parse);
  }

  /** A column of which only being null is decided. */
  static FileColumn unordered(FilterColumn column) {
    return new FileColumn(column, null, text -> Optional.empty());
  }

  /**
   * A column whose partition values are read in a way of the caller's.
   *
   * @param partitionParser from the text on the wire; empty when that is not certain
   */
  public static FileColumn of(
      FilterColumn column, Function<String, Optional<FilterValue>> partitionParser) {
    return new FileColumn(column, column.kind().orElse(null), partitionParser);
  }

  public FilterColumn column() {
    return column;
  }

  @Override
  public ValueRange range(FileFacts file) {
    return column.partition()
        ? partitionRange(file.partitionValues())
        : statisticsRange(file.statistics());
  }

  private ValueRange partitionRange(Map<String, String> partitionValues) {
    String key = column.physicalPath().get(0);
    if (!partitionValues.containsKey(key)) {
      return ValueRange.UNKNOWN;
    }
    String value = partitionValues.get(key);
    if (value == null || value.isEmpty()) {
      return ValueRange.NULL;
    }
    return (kind == null ? Optional.<FilterValue>empty() : partitionParser.apply(value))
        .map(ValueRange::exactly)
        .orElse(new ValueRange(null, null, false, true, true));
  }

  private ValueRange statisticsRange(FileStatistics statistics) {
    OptionalLong nulls = statistics.nullCount(column.physicalPath());
    OptionalLong rows = statistics.numRecords();
    boolean mayBeNull = nulls.isEmpty() || nulls.getAsLong() != 0;
    boolean mayBeValue = nulls.isEmpty() || rows.isEmpty() || nulls.getAsLong() != rows.getAsLong();
    if (kind == null) {
      return new ValueRange(null, null, mayBeNull, mayBeValue, true);
    }
    FilterValue lower = statistics.min(column.physicalPath()).flatMap(kind::parse).orElse(null);
    FilterValue upper =
        statistics.max(column.physicalPath()).flatMap(this::upperBound).orElse(null);
    return new ValueRange(lower, upper, mayBeNull, mayBeValue, kind.hasNan());
  }

  private Optional<FilterValue> upperBound(String text) {
    if (kind == ValueKind.STRING && text.length() >= CUT_TEXT_LENGTH) {
      return Optional.empty();
    }
    Optional<FilterValue> value = kind.parse(text);
    return kind == ValueKind.TIMESTAMP || kind == ValueKind.TIMESTAMP_NTZ
        ? value.map(max -> FilterValue.of(max.asLong() + CUT_TIMESTAMP_MICROS))
        : value;
  }
}
