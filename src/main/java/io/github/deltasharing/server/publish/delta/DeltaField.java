/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.delta;

import io.github.deltasharing.server.publish.csv.ColumnType;
import java.util.List;

/**
 * A column of a Delta table, or a part of one. Immutable.
 *
 * @param name as users see it
 * @param physicalName as data files and statistics name it
 * @param id its id under column mapping, else 0; parts of arrays and maps have none
 * @param type its type
 * @param parts those of its type
 */
public record DeltaField(
    String name, String physicalName, long id, ColumnType type, List<DeltaField> parts) {
  public DeltaField {
    parts = List.copyOf(parts);
  }
}
