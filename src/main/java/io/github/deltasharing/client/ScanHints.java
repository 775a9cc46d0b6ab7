/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import java.util.List;

/**
 * What a server may leave files out by; it need not. Immutable.
 *
 * @param predicateHints SQL predicates, all of which the requested rows satisfy
 * @param jsonPredicateHints a predicate in the protocol's JSON, or null
 * @param limitHint how many rows are enough, or null for all
 */
public record ScanHints(List<String> predicateHints, String jsonPredicateHints, Integer limitHint) {
  /** All files. */
  public static final ScanHints NONE = new ScanHints(List.of(), null, null);

  /** The same for all rows. */
  public ScanHints withoutLimit() {
    return new ScanHints(predicateHints, jsonPredicateHints, null);
  }

  /** The same without SQL. */
  public ScanHints withoutSql() {
    return new ScanHints(List.of(), jsonPredicateHints, limitHint);
  }

  public ScanHints {
    predicateHints = List.copyOf(predicateHints);
  }
}
