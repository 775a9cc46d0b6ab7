package io.github.deltasharing.table;

import io.github.deltasharing.protocol.JsonPredicate;
import io.github.deltasharing.protocol.ValueType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Decides from a file's partition values and statistics whether a predicate may be true for some
 * row of it. Says no only when that is certain.
 *
 * <p>Every node is evaluated to the set of truth values (true, false, unknown) that it may take
 * over the rows of the file; a set may be too large, never too small. So {@code NOT} is safe: it
 * exchanges true and false of a set that already allows for every row.
 *
 * <p>Immutable, safe for use by several threads.
 */
public final class PredicateEvaluator {
  /**
   * Text statistics of this length may be a cut prefix, and not every writer rounds a maximum up.
   */
  private static final int CUT_TEXT_LENGTH = 32;

  private static final long CUT_TIMESTAMP_MILLIS = 1;

  private final FilterColumns columns;

  /** Creates an evaluator for the table with these columns. */
  public PredicateEvaluator(FilterColumns columns) {
    this.columns = columns;
  }

  /**
   * Whether the predicate may be true for a row of the file.
   *
   * @param partitionValues the file's partition values by physical name; null or empty is SQL null
   * @param statistics the file's statistics, {@link FileStatistics#NONE} to go by partition alone
   */
  public boolean mayMatch(
      JsonPredicate predicate, Map<String, String> partitionValues, FileStatistics statistics) {
    return outcomes(predicate, new File(partitionValues, statistics)).mayBeTrue();
  }

  private Outcomes outcomes(JsonPredicate predicate, File file) {
    if (predicate instanceof JsonPredicate.Comparison comparison) {
      return comparison(comparison, file);
    }
    if (predicate instanceof JsonPredicate.IsNull isNull) {
      ValueRange range = columnRange(isNull.column().name(), null, file);
      return new Outcomes(range.mayBeNull(), range.mayBeValue(), false);
    }
    if (predicate instanceof JsonPredicate.Not not) {
      return outcomes(not.child(), file).not();
    }
    if (predicate instanceof JsonPredicate.And and) {
      return all(and.children(), file);
    }
    List<JsonPredicate> children = ((JsonPredicate.Or) predicate).children();
    return all(children.stream().<JsonPredicate>map(JsonPredicate.Not::new).toList(), file).not();
  }

  private Outcomes all(List<JsonPredicate> children, File file) {
    Outcomes result = Outcomes.TRUE;
    for (JsonPredicate child : children) {
      result = result.and(outcomes(child, file));
    }
    return result;
  }

  private Outcomes comparison(JsonPredicate.Comparison comparison, File file) {
    if (!comparable(comparison.left().valueType(), comparison.right().valueType())) {
      return Outcomes.ANY;
    }
    ValueRange left = range(comparison.left(), file);
    ValueRange right = range(comparison.right(), file);
    boolean mayBeNull = left.mayBeNull() || right.mayBeNull();
    if (!left.mayBeValue() || !right.mayBeValue()) {
      return new Outcomes(false, false, mayBeNull);
    }
    return switch (comparison.comparator()) {
      case EQUAL -> new Outcomes(left.mayEqual(right), left.mayDiffer(right), mayBeNull);
      case LESS_THAN ->
          new Outcomes(left.mayBeLess(right, false), right.mayBeLess(left, true), mayBeNull);
      case LESS_THAN_OR_EQUAL ->
          new Outcomes(left.mayBeLess(right, true), right.mayBeLess(left, false), mayBeNull);
      case GREATER_THAN ->
          new Outcomes(right.mayBeLess(left, false), left.mayBeLess(right, true), mayBeNull);
      case GREATER_THAN_OR_EQUAL ->
          new Outcomes(right.mayBeLess(left, true), left.mayBeLess(right, false), mayBeNull);
    };
  }

  /** Types whose values have one representation here. */
  private static boolean comparable(ValueType left, ValueType right) {
    return left == right || (isInteger(left) && isInteger(right));
  }

  private static boolean isInteger(ValueType type) {
    return type == ValueType.INT || type == ValueType.LONG;
  }

  private ValueRange range(JsonPredicate.Operand operand, File file) {
    if (operand instanceof JsonPredicate.Literal literal) {
      return FilterValue.parse(literal.value(), literal.valueType())
          .map(ValueRange::exactly)
          .orElse(ValueRange.UNKNOWN);
    }
    return columnRange(((JsonPredicate.Column) operand).name(), operand.valueType(), file);
  }

  /** The column's values in the file, cast to a type, or only their being null if that is null. */
  private ValueRange columnRange(String name, ValueType castTo, File file) {
    Optional<FilterColumn> column = columns.find(name);
    if (column.isEmpty()) {
      return ValueRange.UNKNOWN;
    }
    boolean ordered = castTo != null && column.get().castsTo(castTo);
    return column.get().partition()
        ? partitionRange(column.get(), ordered, file.partitionValues())
        : statisticsRange(column.get(), ordered, file.statistics());
  }

  private static ValueRange partitionRange(
      FilterColumn column, boolean ordered, Map<String, String> partitionValues) {
    String key = column.physicalPath().get(0);
    if (!partitionValues.containsKey(key)) {
      return ValueRange.UNKNOWN;
    }
    String value = partitionValues.get(key);
    if (value == null || value.isEmpty()) {
      return ValueRange.NULL;
    }
    ValueRange someValue = new ValueRange(null, null, false, true, true);
    return ordered
        ? FilterValue.parse(value, column.valueType().orElseThrow())
            .map(ValueRange::exactly)
            .orElse(someValue)
        : someValue;
  }

  private static ValueRange statisticsRange(
      FilterColumn column, boolean ordered, FileStatistics statistics) {
    OptionalLong nulls = statistics.nullCount(column.physicalPath());
    OptionalLong rows = statistics.numRecords();
    boolean mayBeNull = nulls.isEmpty() || nulls.getAsLong() != 0;
    boolean mayBeValue = nulls.isEmpty() || rows.isEmpty() || nulls.getAsLong() != rows.getAsLong();
    if (!ordered) {
      return new ValueRange(null, null, mayBeNull, mayBeValue, true);
    }
    ValueType type = column.valueType().orElseThrow();
    FilterValue lower =
        statistics
            .min(column.physicalPath())
            .flatMap(text -> FilterValue.parse(text, type))
            .orElse(null);
    FilterValue upper =
        statistics.max(column.physicalPath()).flatMap(text -> upperBound(text, type)).orElse(null);
    boolean mayBeNan = type == ValueType.FLOAT || type == ValueType.DOUBLE;
    return new ValueRange(lower, upper, mayBeNull, mayBeValue, mayBeNan);
  }

  private static Optional<FilterValue> upperBound(String text, ValueType type) {
    if (type == ValueType.STRING && text.length() >= CUT_TEXT_LENGTH) {
      return Optional.empty();
    }
    Optional<FilterValue> value = FilterValue.parse(text, type);
    if (type == ValueType.TIMESTAMP) {
      return value.map(
          max -> new FilterValue(((Instant) max.value()).plusMillis(CUT_TIMESTAMP_MILLIS)));
    }
    return value;
  }

  private record File(Map<String, String> partitionValues, FileStatistics statistics) {}

  /** The truth values that a predicate may take over the rows of a file. */
  private record Outcomes(boolean mayBeTrue, boolean mayBeFalse, boolean mayBeNull) {
    static final Outcomes TRUE = new Outcomes(true, false, false);
    static final Outcomes ANY = new Outcomes(true, true, true);

    Outcomes not() {
      return new Outcomes(/* mayBeTrue= */ mayBeFalse, /* mayBeFalse= */ mayBeTrue, mayBeNull);
    }

    Outcomes and(Outcomes other) {
      return new Outcomes(
          mayBeTrue && other.mayBeTrue,
          mayBeFalse || other.mayBeFalse,
          (mayBeNull && !other.onlyFalse()) || (other.mayBeNull && !onlyFalse()));
    }

    private boolean onlyFalse() {
      return mayBeFalse && !mayBeTrue && !mayBeNull;
    }
  }
}
