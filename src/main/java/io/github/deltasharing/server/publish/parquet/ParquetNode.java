/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.parquet;

import io.github.deltasharing.server.publish.csv.ColumnType;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.column.ColumnDescriptor;

/**
 * A column of a Parquet file, or a part of one, and how it is told where its values end. Immutable.
 *
 * @param type what it is in a table
 * @param definition the least definition level at which it is not null
 * @param repetition of an array or a map, the repetition level of its elements but the first
 * @param leaf where its values are, if it has no parts
 * @param parts those of its type
 */
record ParquetNode(
    ColumnType type,
    int definition,
    int repetition,
    Optional<ColumnDescriptor> leaf,
    List<ParquetNode> parts) {}
