/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.table;

import io.github.deltasharing.protocol.predicate.ValueType;
import java.util.List;
import java.util.Optional;

/**
 * A column that a predicate names, as the table's schema has it. Immutable.
 *
 * @param physicalPath where file statistics and partition values have it (physical names under
 *     column mapping), outermost first
 * @param kind how its values compare; empty when their order is not certain from the outside
 *     (collated or padded strings, widened types, types without an order)
 * @param type the type's name in the schema
 * @param partition whether it is a partition column
 */
public record FilterColumn(
    List<String> physicalPath, Optional<ValueKind> kind, String type, boolean partition) {

  public FilterColumn {
    physicalPath = List.copyOf(physicalPath);
  }

  /** The protocol's type for its values; empty when there is none, or no certain order. */
  public Optional<ValueType> wireType() {
    return kind.flatMap(
        known ->
            switch (known) {
              case BOOLEAN -> Optional.of(ValueType.BOOL);
              case INTEGER -> Optional.of(type.equals("long") ? ValueType.LONG : ValueType.INT);
              case FLOAT -> Optional.of(ValueType.FLOAT);
              case DOUBLE -> Optional.of(ValueType.DOUBLE);
              case STRING -> Optional.of(ValueType.STRING);
              case DATE -> Optional.of(ValueType.DATE);
              case TIMESTAMP -> Optional.of(ValueType.TIMESTAMP);
              case DECIMAL, TIMESTAMP_NTZ -> Optional.empty();
            });
  }

  /** Whether values keep their order and equality when they are cast to this type. */
  boolean castsTo(ValueType target) {
    Optional<ValueType> own = wireType();
    return own.isPresent()
        && (own.get() == target
            || (own.get() == ValueType.INT && target == ValueType.LONG)
            || (own.get() == ValueType.FLOAT && target == ValueType.DOUBLE));
  }
}
