/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.pushdown;

import io.github.deltasharing.options.SharingOptions;
import io.github.deltasharing.options.SharingReadConf;

/**
 * Which pushdowns a read allows. Results are the same either way.
 *
 * @param filters whether predicates are used at all
 * @param sqlHints whether the server gets {@code predicateHints}
 * @param jsonHints whether the server gets {@code jsonPredicateHints}
 * @param dataColumnHints whether hints may name data columns
 * @param fileSkipping whether file statistics skip files
 * @param parquet whether predicates go into Parquet
 * @param limit whether a LIMIT does
 * @param topN whether an ORDER BY with a LIMIT does
 * @param aggregates whether aggregates are computed from statistics
 * @param runtimeFilters whether the values of a join's other side skip files
 */
public record PushdownSettings(
    boolean filters,
    boolean sqlHints,
    boolean jsonHints,
    boolean dataColumnHints,
    boolean fileSkipping,
    boolean parquet,
    boolean limit,
    boolean topN,
    boolean aggregates,
    boolean runtimeFilters) {

  public static PushdownSettings of(SharingReadConf conf) {
    return new PushdownSettings(
        conf.get(SharingOptions.FILTER_PUSHDOWN),
        conf.get(SharingOptions.PREDICATE_HINTS),
        conf.get(SharingOptions.JSON_PREDICATE_HINTS),
        conf.get(SharingOptions.JSON_PREDICATE_V2_HINTS),
        conf.get(SharingOptions.FILE_SKIPPING),
        conf.get(SharingOptions.PARQUET_FILTER_PUSHDOWN),
        conf.get(SharingOptions.LIMIT_PUSHDOWN),
        conf.get(SharingOptions.TOP_N_PUSHDOWN),
        conf.get(SharingOptions.AGGREGATE_PUSHDOWN),
        conf.get(SharingOptions.RUNTIME_FILTERING));
  }
}
