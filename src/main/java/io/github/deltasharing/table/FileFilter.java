/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.table;

import io.github.deltasharing.protocol.predicate.JsonPredicate.Comparator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A filter over a table's rows, prepared to be decided file by file from partition values and
 * statistics. Says no to a file only when that is certain.
 *
 * <p>Every node gives the set of truth values (true, false, unknown) that it may take over the rows
 * of a file; a set may be too large, never too small. So {@code not} is safe: it exchanges true and
 * false of a set that already allows for every row. Where every operand is one certain value, as a
 * partition value is, the set has one member and the result is exact.
 *
 * <p>Immutable, safe for use by several threads.
 */
public abstract class FileFilter {
  /** A filter of which nothing is known. */
  public static final FileFilter ANYTHING = always(Outcomes.ANY);

  public static final FileFilter TRUE = always(Outcomes.TRUE);
  public static final FileFilter FALSE = always(Outcomes.FALSE);

  /** SQL's unknown, as a comparison with null gives it. */
  public static final FileFilter NULL = always(Outcomes.NULL);

  /** A side of a comparison. */
  @FunctionalInterface
  public interface Operand {
    /** What is certain of its values in the file. */
    ValueRange range(FileFacts file);

    /** The same value in all rows of all files. */
    static Operand of(FilterValue value) {
      ValueRange range = ValueRange.exactly(value);
      return file -> range;
    }
  }

  /** Whether the filter may be true for some row of the file. */
  public boolean mayMatch(FileFacts file) {
    return outcomes(file).mayBeTrue();
  }

  abstract Outcomes outcomes(FileFacts file);

  /** {@code left comparator right}; unknown when either side is null. */
  public static FileFilter compare(Comparator comparator, Operand left, Operand right) {
    return node(file -> compare(comparator, left.range(file), right.range(file)));
  }

  private static Outcomes compare(Comparator comparator, ValueRange left, ValueRange right) {
    boolean mayBeNull = left.mayBeNull() || right.mayBeNull();
    if (!left.mayBeValue() || !right.mayBeValue()) {
      return new Outcomes(false, false, mayBeNull);
    }
    return switch (comparator) {
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

  /**
   * {@code operand IN (values)}.
   *
   * @param values at least one, none of them null
   * @param orNull whether null is in the list too: what is not found is unknown then, not false
   */
  public static FileFilter in(Operand operand, List<FilterValue> values, boolean orNull) {
    List<FilterValue> sorted = values.stream().sorted().toList();
    return node(file -> in(operand.range(file), sorted, orNull));
  }

  private static Outcomes in(ValueRange range, List<FilterValue> sorted, boolean orNull) {
    if (!range.mayBeValue()) {
      return new Outcomes(false, false, range.mayBeNull());
    }
    int first = range.lower() == null ? 0 : firstNotBelow(sorted, range.lower());
    boolean found =
        first < sorted.size()
            && (range.upper() == null || sorted.get(first).compareTo(range.upper()) <= 0);
    boolean mayMiss = !(found && range.isOneValue());
    return new Outcomes(found, mayMiss && !orNull, range.mayBeNull() || (mayMiss && orNull));
  }

  private static int firstNotBelow(List<FilterValue> sorted, FilterValue value) {
    int low = 0;
    int high = sorted.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted.get(middle).compareTo(value) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Whether the operand is null; never unknown. */
  public static FileFilter isNull(Operand operand) {
    return node(
        file -> {
          ValueRange range = operand.range(file);
          return new Outcomes(range.mayBeNull(), range.mayBeValue(), false);
        });
  }

  /** Whether a text begins with a prefix. */
  public static FileFilter startsWith(Operand operand, String prefix) {
    FilterValue least = FilterValue.of(prefix);
    return node(
        file -> {
          ValueRange range = operand.range(file);
          boolean mayStart =
              range.mayBeValue()
                  && (range.upper() == null || range.upper().compareTo(least) >= 0)
                  && (range.lower() == null
                      || range.lower().compareTo(least) <= 0
                      || range.lower().text().startsWith(prefix));
          boolean allStart =
              range.lower() != null
                  && range.upper() != null
                  && range.lower().text().startsWith(prefix)
                  && range.upper().text().startsWith(prefix);
          return new Outcomes(mayStart, range.mayBeValue() && !allStart, range.mayBeNull());
        });
  }

  /** A test of a text that is decided only where all rows have the same text. */
  public static FileFilter test(Operand operand, Predicate<String> test) {
    return node(
        file -> {
          ValueRange range = operand.range(file);
          boolean value = range.mayBeValue();
          if (!range.isOneValue()) {
            return new Outcomes(value, value, range.mayBeNull());
          }
          boolean passes = test.test(range.lower().text());
          return new Outcomes(value && passes, value && !passes, range.mayBeNull());
        });
  }

  public static FileFilter not(FileFilter child) {
    return node(file -> child.outcomes(file).not());
  }

  public static FileFilter and(List<FileFilter> children) {
    return node(
        file -> {
          Outcomes result = Outcomes.TRUE;
          for (FileFilter child : children) {
            result = result.and(child.outcomes(file));
            if (result.equals(Outcomes.FALSE)) {
              break;
            }
          }
          return result;
        });
  }

  public static FileFilter or(List<FileFilter> children) {
    List<FileFilter> none = new ArrayList<>();
    children.forEach(child -> none.add(not(child)));
    return not(and(none));
  }

  private static FileFilter always(Outcomes outcomes) {
    return node(file -> outcomes);
  }

  private static FileFilter node(java.util.function.Function<FileFacts, Outcomes> outcomes) {
    return new FileFilter() {
      @Override
      Outcomes outcomes(FileFacts file) {
        return outcomes.apply(file);
      }
    };
  }
}
