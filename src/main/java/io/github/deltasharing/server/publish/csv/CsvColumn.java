/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.csv;

/**
 * A column of a table. Immutable.
 *
 * @param name its name
 * @param type its type
 */
public record CsvColumn(String name, ColumnType type) {}
