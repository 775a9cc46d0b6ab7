/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.table;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
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

  /** Decimal digits that a double keeps. */
  private static final int DOUBLE_DIGITS = 15;

  /** Kinds whose values come out of partition values as they went in: -0.0 does not. */
  private static final Set<ValueKind> EXACT_KINDS =
      Set.of(
          ValueKind.BOOLEAN,
          ValueKind.INTEGER,
          ValueKind.DECIMAL,
          ValueKind.STRING,
          ValueKind.DATE,
          ValueKind.TIMESTAMP,
          ValueKind.TIMESTAMP_NTZ);

  /**
   * Kinds whose statistics are values that are there: text and timestamps are cut, NaN is left out,
   * and JSON may round decimals.
   */
  private static final Set<ValueKind> EXACT_STATISTICS = Set.of(ValueKind.INTEGER, ValueKind.DATE);

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
   * A column as a reader of rows sees it: partition values are read in a way of the caller's.
   *
   * @param partitionParser from the text on the wire; empty when that is not certain
   */
  public static FileColumn of(
      FilterColumn column, Function<String, Optional<FilterValue>> partitionParser) {
    return new FileColumn(column, column.kind().orElse(null), partitionParser);
  }

  /** Whether every file has one value of the column, or null, and it is known exactly. */
  public boolean isExactPartition() {
    return column.partition() && kind != null && EXACT_KINDS.contains(kind);
  }

  public FilterColumn column() {
    return column;
  }

  /** How its values compare; null if they do not. */
  ValueKind kind() {
    return kind;
  }

  @Override
  public ValueRange range(FileFacts file) {
    if (file.group() != null) {
      return file.group().range(this);
    }
    return column.partition()
        ? partitionRange(file.partitionValues())
        : statisticsRange(file.statistics());
  }

  private ValueRange partitionRange(Map<String, String> partitionValues) {
    Optional<String> key = PartitionKeys.find(partitionValues, column.physicalPath().get(0));
    if (key.isEmpty()) {
      return ValueRange.UNKNOWN;
    }
    String value = partitionValues.get(key.get());
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
    return new ValueRange(
        lower(statistics), upper(statistics), mayBeNull, mayBeValue, kind.hasNan());
  }

  private FilterValue lower(FileStatistics statistics) {
    FilterValue kept = statistics.min(column.physicalPath(), kind);
    return kept != null
        ? kept
        : statistics.min(column.physicalPath()).flatMap(this::lowerBound).orElse(null);
  }

  private FilterValue upper(FileStatistics statistics) {
    FilterValue kept = statistics.max(column.physicalPath(), kind);
    return kept != null
        ? widened(kept)
        : statistics.max(column.physicalPath()).flatMap(this::upperBound).orElse(null);
  }

  /**
   * The range whose bounds are values of the column, not merely bounds; empty when that is not
   * certain. Only live rows count: a range without values says that there is none.
   */
  public Optional<ValueRange> exactRange(FileFacts file) {
    OptionalLong rows = file.liveRows();
    if (rows.isEmpty() || kind == null || !EXACT_KINDS.contains(kind)) {
      return Optional.empty();
    }
    if (rows.getAsLong() == 0) {
      return Optional.of(ValueRange.NULL);
    }
    if (!column.partition() && (!file.isUntouched() || !EXACT_STATISTICS.contains(kind))) {
      return Optional.empty();
    }
    ValueRange range = range(file);
    boolean known = !range.mayBeValue() || (range.lower() != null && range.upper() != null);
    return known ? Optional.of(range) : Optional.empty();
  }

  /** How many live rows have a value in the column; empty when that is not certain. */
  public OptionalLong valueCount(FileFacts file) {
    OptionalLong rows = file.liveRows();
    if (rows.isEmpty()) {
      return rows;
    }
    if (column.partition()) {
      ValueRange range = range(file);
      return range.mayBeValue() && range.mayBeNull()
          ? OptionalLong.empty()
          : range.mayBeValue() ? rows : OptionalLong.of(0);
    }
    OptionalLong nulls = file.statistics().nullCount(column.physicalPath());
    return nulls.isPresent() && nulls.getAsLong() <= rows.getAsLong() && file.isUntouched()
        ? OptionalLong.of(rows.getAsLong() - nulls.getAsLong())
        : OptionalLong.empty();
  }

  /** Whether some row has null, or no value at all of a partition column. */
  public boolean hasNulls(FileFacts file) {
    return column.partition()
        ? range(file).mayBeNull()
        : file.statistics().nullCount(column.physicalPath()).orElse(0) > 0;
  }

  private Optional<FilterValue> lowerBound(String text) {
    if (kind == ValueKind.STRING && isDamaged(text)) {
      return Optional.empty();
    }
    return kind.parse(text).map(min -> kind == ValueKind.DECIMAL ? rounded(min, false) : min);
  }

  private Optional<FilterValue> upperBound(String text) {
    if (kind == ValueKind.STRING && (text.length() >= CUT_TEXT_LENGTH || isDamaged(text))) {
      return Optional.empty();
    }
    return kind.parse(text).map(this::widened);
  }

  /** What a maximum stands for. */
  private FilterValue widened(FilterValue max) {
    return switch (kind) {
      case TIMESTAMP, TIMESTAMP_NTZ -> FilterValue.of(max.asLong() + CUT_TIMESTAMP_MICROS);
      case DECIMAL -> rounded(max, true);
      default -> max;
    };
  }

  /** Bytes that are no UTF-8 are written as this character, which sorts elsewhere. */
  private static boolean isDamaged(String text) {
    return text.indexOf('\uFFFD') >= 0;
  }

  /** Some writers make doubles of decimals. */
  private static FilterValue rounded(FilterValue value, boolean up) {
    BigDecimal decimal = (BigDecimal) value.value();
    BigDecimal error = decimal.abs().movePointLeft(DOUBLE_DIGITS);
    return FilterValue.of(up ? decimal.add(error) : decimal.subtract(error));
  }
}
