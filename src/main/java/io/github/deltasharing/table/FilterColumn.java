package io.github.deltasharing.table;

import io.github.deltasharing.protocol.ValueType;
import java.util.List;
import java.util.Optional;

/**
 * A column that a predicate names, as the table's schema has it. Immutable.
 *
 * @param physicalPath where file statistics and partition values have it (physical names under
 *     column mapping), outermost first
 * @param valueType the type its values compare in; empty when its order is not certain from the
 *     outside (collated or padded strings, widened types, types the protocol cannot name)
 * @param type the type's name in the schema
 * @param partition whether it is a partition column
 */
public record FilterColumn(
    List<String> physicalPath, Optional<ValueType> valueType, String type, boolean partition) {

  public FilterColumn {
    physicalPath = List.copyOf(physicalPath);
  }

  /** Whether values keep their order and equality when they are cast to this type. */
  boolean castsTo(ValueType target) {
    if (valueType.isEmpty()) {
      return false;
    }
    return switch (valueType.get()) {
      case INT -> target == ValueType.INT || target == ValueType.LONG;
      case FLOAT -> target == ValueType.FLOAT || target == ValueType.DOUBLE;
      case BOOL, LONG, STRING, DATE, DOUBLE, TIMESTAMP -> target == valueType.get();
    };
  }
}
