/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;

/**
 * From which types columns were promoted: files may still have those (Delta protocol, "Type
 * Widening"). Immutable.
 */
final class TypeChanges {
  private final Map<Integer, Set<Type.PrimitiveType>> types = new HashMap<>();

  /**
   * @param schemas all that the table has had, as far as they are known
   */
  TypeChanges(List<Schema> schemas) {
    schemas.stream()
        .sorted(Comparator.comparingInt(Schema::schemaId))
        .forEach(
            schema ->
                TypeUtil.indexById(schema.asStruct())
                    .forEach(
                        (id, field) -> {
                          if (field.type().isPrimitiveType()) {
                            types
                                .computeIfAbsent(id, any -> new LinkedHashSet<>())
                                .add(field.type().asPrimitiveType());
                          }
                        }));
  }

  /** The types that a field had, the oldest first and the one that it has last. */
  List<Type.PrimitiveType> chain(int id, Type.PrimitiveType now) {
    List<Type.PrimitiveType> chain = new ArrayList<>();
    for (Type.PrimitiveType type : types.getOrDefault(id, Set.of())) {
      if (!type.equals(now) && isWidened(type, now)) {
        chain.add(type);
      }
    }
    chain.add(now);
    return chain;
  }

  /** Whether a field had a type that is neither narrower than the one it has now, nor wider. */
  boolean isUnclear(int id, Type.PrimitiveType now) {
    return types.getOrDefault(id, Set.of()).stream()
        .anyMatch(type -> !type.equals(now) && !isWidened(type, now) && !isWidened(now, type));
  }

  private static boolean isWidened(Type.PrimitiveType from, Type.PrimitiveType to) {
    return switch (from.typeId()) {
      case INTEGER -> to.typeId() == Type.TypeID.LONG;
      case FLOAT -> to.typeId() == Type.TypeID.DOUBLE;
      case DECIMAL ->
          to instanceof Types.DecimalType wide
              && from instanceof Types.DecimalType narrow
              && wide.scale() == narrow.scale()
              && wide.precision() > narrow.precision();
      default -> false;
    };
  }
}
