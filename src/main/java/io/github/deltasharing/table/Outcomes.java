/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.table;

/**
 * The truth values that a filter may take over the rows of one file. A set may be too large, never
 * too small. Immutable.
 */
record Outcomes(boolean mayBeTrue, boolean mayBeFalse, boolean mayBeNull) {
  static final Outcomes TRUE = new Outcomes(true, false, false);
  static final Outcomes FALSE = new Outcomes(false, true, false);
  static final Outcomes NULL = new Outcomes(false, false, true);
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
