/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import org.apache.parquet.filter2.predicate.FilterApi;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.schema.MessageType;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFilters;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/** Makes a scan's filters into each file's: what can be asked of its statistics. Immutable. */
final class RowGroupFilters {
  private final Filter[] filters;
  private final FilterSettings settings;
  private final FilterableColumns columns;

  /**
   * @param filters pushed filters, conjuncts
   */
  RowGroupFilters(Filter[] filters, FilterSettings settings, FilterableColumns columns) {
    this.filters = settings.enabled() ? filters : new Filter[0];
    this.settings = settings;
    this.columns = columns;
  }

  /**
   * The filter for row groups, or null for none.
   *
   * @param inFile the types that the file is read with
   */
  FilterPredicate of(StructType inFile, Footer footer) {
    if (filters.length == 0) {
      return null;
    }
    MessageType usable = columns.of(inFile, footer);
    ParquetFilters translation = settings.filters(usable, footer);
    FilterPredicate all = null;
    for (Filter filter : filters) {
      Option<FilterPredicate> translated = translation.createFilter(filter);
      if (translated.isDefined()) {
        all = all == null ? translated.get() : FilterApi.and(all, translated.get());
      }
    }
    return all;
  }
}
