/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.delta;

import io.github.deltasharing.server.publish.csv.ColumnType;

/**
 * A column of a Delta table. Immutable.
 *
 * @param name as users see it
 * @param physicalName as data files and statistics name it
 * @param id its id under column mapping, else 0
 * @param type its type
 */
public record DeltaField(String name, String physicalName, long id, ColumnType type) {}
