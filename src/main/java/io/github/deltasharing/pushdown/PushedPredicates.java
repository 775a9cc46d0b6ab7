/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.pushdown;

import io.github.deltasharing.protocol.predicate.JsonPredicate;
import io.github.deltasharing.table.FileFilter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.sources.Filter;

/**
 * The conjuncts of a query's filter, each sorted by who decides it: partition values alone (then
 * Spark does not look at it again), or hints to the server, file statistics and Parquet as far as
 * they can, and Spark on the rows. Immutable; equal when made of equal predicates with equal
 * settings.
 */
public final class PushedPredicates {
  private static final int BRIEF = 500;

  private final PushdownSettings settings;
  private final List<Predicate> exact = new ArrayList<>();
  private final List<Predicate> inexact = new ArrayList<>();
  private final List<Predicate> unknown = new ArrayList<>();
  private final List<ColumnPredicate> parsedExact = new ArrayList<>();
  private final List<ColumnPredicate> parsedInexact = new ArrayList<>();
  private final List<JsonPredicate> hints;

  /**
   * @param predicates conjuncts, as Spark pushes them
   */
  public PushedPredicates(Predicate[] predicates, ScanColumns columns, PushdownSettings settings) {
    this.settings = settings;
    PredicateParser parser = new PredicateParser(columns);
    for (Predicate predicate : predicates) {
      ColumnPredicate parsed = settings.filters() ? parser.parse(predicate) : null;
      if (parsed == null || isOpaque(parsed)) {
        unknown.add(predicate);
      } else if (FileFilters.isExact(parsed)) {
        exact.add(predicate);
        parsedExact.add(parsed);
      } else {
        inexact.add(predicate);
        parsedInexact.add(parsed);
      }
    }
    List<ColumnPredicate> all = new ArrayList<>(parsedExact);
    all.addAll(parsedInexact);
    this.hints = new WireHints(settings.dataColumnHints()).of(all);
  }

  /** No predicates. */
  public static PushedPredicates none(PushdownSettings settings) {
    return new PushedPredicates(new Predicate[0], null, settings);
  }

  private static boolean isOpaque(ColumnPredicate predicate) {
    if (predicate instanceof ColumnPredicate.And and) {
      return and.children().stream().allMatch(PushedPredicates::isOpaque);
    } else if (predicate instanceof ColumnPredicate.Or or) {
      return or.children().stream().anyMatch(PushedPredicates::isOpaque);
    } else if (predicate instanceof ColumnPredicate.Not not) {
      return isOpaque(not.child());
    }
    return predicate instanceof ColumnPredicate.Other;
  }

  public PushdownSettings settings() {
    return settings;
  }

  /** Those that Spark has to look at again, on rows. */
  public Predicate[] forSpark() {
    List<Predicate> left = new ArrayList<>(inexact);
    left.addAll(unknown);
    return left.toArray(Predicate[]::new);
  }

  /** Those that somebody else looks at. */
  public Predicate[] pushed() {
    List<Predicate> pushed = new ArrayList<>(exact);
    pushed.addAll(inexact);
    return pushed.toArray(Predicate[]::new);
  }

  /** Whether nobody but Spark looks at any. */
  public boolean isEmpty() {
    return exact.isEmpty() && inexact.isEmpty();
  }

  /** What partition values decide, exactly; the columns that it takes are {@link #exactColumns}. */
  FileFilter exactFilter() {
    return FileFilter.and(parsedExact.stream().map(FileFilters::of).toList());
  }

  boolean hasExact() {
    return !exact.isEmpty();
  }

  List<ScanColumn> exactColumns() {
    return parsedExact.stream().map(FileFilters::columns).flatMap(List::stream).toList();
  }

  /** What partition values and statistics rule out by the other predicates. */
  FileFilter statisticsFilter() {
    return settings.fileSkipping()
        ? FileFilter.and(parsedInexact.stream().map(FileFilters::of).toList())
        : FileFilter.TRUE;
  }

  boolean hasInexact() {
    return !inexact.isEmpty();
  }

  /** The hints for the server, in SQL. */
  public List<String> sqlHints() {
    return settings.sqlHints() ? SqlHints.of(hints) : List.of();
  }

  /** The hints for the server, as the protocol's JSON; null for none. */
  public String jsonHints() {
    return !settings.jsonHints() || hints.isEmpty()
        ? null
        : (hints.size() == 1 ? hints.get(0) : new JsonPredicate.And(hints)).toJson().toString();
  }

  /** What Parquet skips row groups and pages by, names as in files. */
  public Filter[] dataFilters() {
    return settings.parquet()
        ? DataFilters.of(parsedInexact).toArray(Filter[]::new)
        : new Filter[0];
  }

  /** In words, for a plan. */
  public String describe() {
    List<String> parts = new ArrayList<>();
    if (!exact.isEmpty()) {
      parts.add("by partition values: " + brief(exact));
    }
    if (!inexact.isEmpty()) {
      parts.add((settings.fileSkipping() ? "by statistics" : "pushed") + ": " + brief(inexact));
    }
    if (!hints.isEmpty() && (settings.sqlHints() || settings.jsonHints())) {
      parts.add(
          "as hints to the server: " + hints.size() + " of " + (exact.size() + inexact.size()));
    }
    Filter[] parquet = dataFilters();
    if (parquet.length > 0) {
      parts.add("by Parquet: " + parquet.length);
    }
    if (!inexact.isEmpty() || !unknown.isEmpty()) {
      parts.add("left to Spark: " + brief(Arrays.asList(forSpark())));
    }
    return String.join("; ", parts);
  }

  /** A list of a thousand values makes no plan easier to read. */
  private static String brief(List<Predicate> predicates) {
    return predicates.stream()
        .map(String::valueOf)
        .map(text -> text.length() <= BRIEF ? text : text.substring(0, BRIEF) + "…")
        .collect(Collectors.joining(", ", "[", "]"));
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof PushedPredicates that
        && settings.equals(that.settings)
        && exact.equals(that.exact)
        && inexact.equals(that.inexact);
  }

  @Override
  public int hashCode() {
    return exact.hashCode() * 31 + inexact.hashCode();
  }
}
