/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.changes;

import io.github.deltasharing.read.ChangeColumns;
import io.github.deltasharing.read.RowChange;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.TimestampType;

/**
 * What predicates say of the change columns: which commits and which types of change can be among
 * the wanted rows. A hint, Spark filters again. Built by one thread, then not changed.
 */
public final class ChangeFilter {
  private static final long MICROS = 1_000;

  private long firstVersion = Long.MIN_VALUE;
  private long lastVersion = Long.MAX_VALUE;
  private long firstMicros = Long.MIN_VALUE;
  private long lastMicros = Long.MAX_VALUE;

  /** Null for all. */
  private Set<String> types;

  /** Null for all. */
  private Set<Object> versions;

  /**
   * @param predicates conjuncts, as Spark pushes them
   */
  public static ChangeFilter of(Predicate[] predicates) {
    ChangeFilter filter = new ChangeFilter();
    for (Predicate predicate : predicates) {
      filter.narrow(predicate);
    }
    return filter;
  }

  private void narrow(Predicate predicate) {
    Expression[] children = predicate.children();
    if (predicate.name().equals("AND")) {
      narrow((Predicate) children[0]);
      narrow((Predicate) children[1]);
    } else if (predicate.name().equals("OR")) {
      narrowToEither(
          of(new Predicate[] {(Predicate) children[0]}),
          of(new Predicate[] {(Predicate) children[1]}));
    } else if (children.length > 1 && column(children[0]) != null) {
      List<Object> values =
          Arrays.stream(children).skip(1).map(child -> value(children[0], child)).toList();
      if (values.stream().allMatch(Objects::nonNull)) {
        narrow(column(children[0]), predicate.name(), values);
      }
    } else if (children.length == 2 && column(children[1]) != null) {
      Object value = value(children[1], children[0]);
      if (value != null) {
        narrow(column(children[1]), flipped(predicate.name()), List.of(value));
      }
    }
  }

  /** Wanted are rows that one of two filters leaves. */
  private void narrowToEither(ChangeFilter one, ChangeFilter other) {
    firstVersion = Math.max(firstVersion, Math.min(one.firstVersion, other.firstVersion));
    lastVersion = Math.min(lastVersion, Math.max(one.lastVersion, other.lastVersion));
    firstMicros = Math.max(firstMicros, Math.min(one.firstMicros, other.firstMicros));
    lastMicros = Math.min(lastMicros, Math.max(one.lastMicros, other.lastMicros));
    types = common(types, either(one.types, other.types));
    versions = common(versions, either(one.versions, other.versions));
  }

  private static <T> Set<T> either(Set<T> one, Set<T> other) {
    if (one == null || other == null) {
      return null;
    }
    Set<T> both = new HashSet<>(one);
    both.addAll(other);
    return both;
  }

  private static <T> Set<T> common(Set<T> one, Set<T> other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    Set<T> both = new HashSet<>(one);
    both.retainAll(other);
    return both;
  }

  private static String flipped(String operator) {
    return switch (operator) {
      case "<" -> ">";
      case "<=" -> ">=";
      case ">" -> "<";
      case ">=" -> "<=";
      case "=", "<=>" -> operator;
      default -> "";
    };
  }

  private static String column(Expression expression) {
    return expression instanceof NamedReference reference
            && reference.fieldNames().length == 1
            && ChangeColumns.NAMES.contains(reference.fieldNames()[0])
        ? reference.fieldNames()[0]
        : null;
  }

  /** A version, a time in microseconds, or a type of change; null where it is none of them. */
  private static Object value(Expression column, Expression literal) {
    if (!(literal instanceof Literal<?> constant) || constant.value() == null) {
      return null;
    }
    DataType type = constant.dataType();
    if (type instanceof StringType) {
      return ChangeColumns.TYPE.equals(column(column)) ? constant.value().toString() : null;
    }
    boolean timestamp = ChangeColumns.TIMESTAMP.equals(column(column));
    if (type instanceof LongType && !ChangeColumns.TYPE.equals(column(column))) {
      long value = (Long) constant.value();
      return timestamp ? microsOf(value) : (Object) value;
    }
    return type instanceof TimestampType && timestamp ? constant.value() : null;
  }

  private static Long microsOf(long millis) {
    return Math.abs(millis) > Long.MAX_VALUE / MICROS ? null : (Long) (millis * MICROS);
  }

  private void narrow(String column, String operator, List<Object> values) {
    if (column.equals(ChangeColumns.TYPE)) {
      if (Set.of("=", "<=>", "IN").contains(operator)) {
        Set<String> among = new HashSet<>();
        values.forEach(value -> among.add((String) value));
        types = common(types, among);
      }
      return;
    }
    long least = values.stream().mapToLong(value -> (Long) value).min().getAsLong();
    long most = values.stream().mapToLong(value -> (Long) value).max().getAsLong();
    boolean above = Set.of(">", ">=", "=", "<=>", "IN").contains(operator);
    boolean below = Set.of("<", "<=", "=", "<=>", "IN").contains(operator);
    if (column.equals(ChangeColumns.VERSION)) {
      long beside = operator.equals(">") || operator.equals("<") ? 1 : 0;
      // Versions are no nearer to the ends of a long than this.
      if (above && below) {
        versions = common(versions, new HashSet<>(values));
      }
      boolean far = least == Long.MAX_VALUE || most == Long.MIN_VALUE;
      firstVersion = above && !far ? Math.max(firstVersion, least + beside) : firstVersion;
      lastVersion = below && !far ? Math.min(lastVersion, most - beside) : lastVersion;
    } else {
      firstMicros = above ? Math.max(firstMicros, least) : firstMicros;
      lastMicros = below ? Math.min(lastMicros, most) : lastMicros;
    }
  }

  /**
   * The part of a range that wanted rows can be in.
   *
   * @return null where there is none
   */
  public ChangeRange narrow(ChangeRange range, long latest) {
    return range.within(firstVersion, lastVersion, latest);
  }

  /** The first version that wanted rows can be of; {@link Long#MIN_VALUE} for any. */
  long firstVersion() {
    return firstVersion;
  }

  /** The last one; {@link Long#MAX_VALUE} for any. */
  long lastVersion() {
    return lastVersion;
  }

  /** The first time that wanted rows can be of, in microseconds; the least number for any. */
  long firstMicros() {
    return firstMicros;
  }

  /** The last one; the greatest number for any. */
  long lastMicros() {
    return lastMicros;
  }

  /** Whether rows of such a change can be among those wanted. */
  public boolean mayMatch(RowChange change) {
    long micros = change.timestamp() * MICROS;
    return change.version() >= firstVersion
        && change.version() <= lastVersion
        && micros >= firstMicros
        && micros <= lastMicros
        && (versions == null || versions.contains(change.version()))
        && (types == null || change.type() == null || types.contains(change.type()));
  }

  /** The versions, as they are written after a table's name; empty for all. */
  public String describe() {
    return (firstVersion == Long.MIN_VALUE ? "" : " from version " + firstVersion)
        + (lastVersion == Long.MAX_VALUE ? "" : " to version " + lastVersion);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof ChangeFilter that
        && firstVersion == that.firstVersion
        && lastVersion == that.lastVersion
        && firstMicros == that.firstMicros
        && lastMicros == that.lastMicros
        && Objects.equals(types, that.types)
        && Objects.equals(versions, that.versions);
  }

  @Override
  public int hashCode() {
    return Objects.hash(firstVersion, lastVersion, firstMicros, lastMicros, types, versions);
  }
}
