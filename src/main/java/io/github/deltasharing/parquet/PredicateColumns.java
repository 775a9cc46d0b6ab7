/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import java.util.HashSet;
import java.util.Set;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.filter2.predicate.Operators.And;
import org.apache.parquet.filter2.predicate.Operators.Column;
import org.apache.parquet.filter2.predicate.Operators.DoubleColumn;
import org.apache.parquet.filter2.predicate.Operators.Eq;
import org.apache.parquet.filter2.predicate.Operators.FloatColumn;
import org.apache.parquet.filter2.predicate.Operators.Gt;
import org.apache.parquet.filter2.predicate.Operators.GtEq;
import org.apache.parquet.filter2.predicate.Operators.In;
import org.apache.parquet.filter2.predicate.Operators.LogicalNotUserDefined;
import org.apache.parquet.filter2.predicate.Operators.Lt;
import org.apache.parquet.filter2.predicate.Operators.LtEq;
import org.apache.parquet.filter2.predicate.Operators.Not;
import org.apache.parquet.filter2.predicate.Operators.NotEq;
import org.apache.parquet.filter2.predicate.Operators.NotIn;
import org.apache.parquet.filter2.predicate.Operators.Or;
import org.apache.parquet.filter2.predicate.Operators.UserDefined;
import org.apache.parquet.filter2.predicate.UserDefinedPredicate;
import org.apache.parquet.hadoop.metadata.ColumnPath;

/** Which columns a filter is about. */
final class PredicateColumns implements FilterPredicate.Visitor<Void> {
  private final Set<ColumnPath> all = new HashSet<>();
  private final Set<ColumnPath> ofValues = new HashSet<>();
  private boolean floatingPoint;

  private PredicateColumns() {}

  static PredicateColumns of(FilterPredicate filter) {
    PredicateColumns columns = new PredicateColumns();
    filter.accept(columns);
    return columns;
  }

  Set<ColumnPath> all() {
    return all;
  }

  /** Those that are compared with single values. */
  Set<ColumnPath> ofValues() {
    return ofValues;
  }

  /** Whether one of them has both zeros and NaNs, which not all readers distinguish. */
  boolean hasFloatingPoint() {
    return floatingPoint;
  }

  private Void add(Column<?> column) {
    all.add(column.getColumnPath());
    floatingPoint |= column instanceof FloatColumn || column instanceof DoubleColumn;
    return null;
  }

  @Override
  public <T extends Comparable<T>> Void visit(Eq<T> eq) {
    if (eq.getValue() != null) {
      ofValues.add(eq.getColumn().getColumnPath());
    }
    return add(eq.getColumn());
  }

  @Override
  public <T extends Comparable<T>> Void visit(In<T> in) {
    ofValues.add(in.getColumn().getColumnPath());
    return add(in.getColumn());
  }

  @Override
  public <T extends Comparable<T>> Void visit(NotEq<T> notEq) {
    return add(notEq.getColumn());
  }

  @Override
  public <T extends Comparable<T>> Void visit(NotIn<T> notIn) {
    return add(notIn.getColumn());
  }

  @Override
  public <T extends Comparable<T>> Void visit(Lt<T> lt) {
    return add(lt.getColumn());
  }

  @Override
  public <T extends Comparable<T>> Void visit(LtEq<T> ltEq) {
    return add(ltEq.getColumn());
  }

  @Override
  public <T extends Comparable<T>> Void visit(Gt<T> gt) {
    return add(gt.getColumn());
  }

  @Override
  public <T extends Comparable<T>> Void visit(GtEq<T> gtEq) {
    return add(gtEq.getColumn());
  }

  @Override
  public Void visit(And and) {
    and.getLeft().accept(this);
    return and.getRight().accept(this);
  }

  @Override
  public Void visit(Or or) {
    or.getLeft().accept(this);
    return or.getRight().accept(this);
  }

  @Override
  public Void visit(Not not) {
    return not.getPredicate().accept(this);
  }

  @Override
  public <T extends Comparable<T>, U extends UserDefinedPredicate<T>> Void visit(
      UserDefined<T, U> udp) {
    return add(udp.getColumn());
  }

  @Override
  public <T extends Comparable<T>, U extends UserDefinedPredicate<T>> Void visit(
      LogicalNotUserDefined<T, U> udp) {
    return udp.getUserDefined().accept(this);
  }
}
