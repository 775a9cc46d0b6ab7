/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol.predicate;

import java.util.Locale;
import java.util.Optional;

/**
 * The value types of the protocol's JSON predicates ("JSON predicates for Filtering"). Immutable.
 */
public enum ValueType {
  BOOL,
  INT,
  LONG,
  STRING,
  DATE,
  FLOAT,
  DOUBLE,
  TIMESTAMP;

  /** The name on the wire: {@code bool}, {@code int} and so on. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The type of this wire name, in any case; empty when the protocol does not know it. */
  public static Optional<ValueType> ofWireName(String name) {
    for (ValueType type : values()) {
      if (type.wireName().equals(name.toLowerCase(Locale.ROOT))) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
