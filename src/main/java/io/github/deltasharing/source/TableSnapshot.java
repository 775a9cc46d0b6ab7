/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source;

import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.Protocol;
import java.util.Optional;

/**
 * One version of a shared table: protocol, metadata, files. Safe for use by several threads; each
 * call of {@link #files()} reads the version anew. All methods throw a {@link SourceException} when
 * the table is damaged.
 */
public interface TableSnapshot {
  long version();

  /** When the version was committed, in milliseconds since the epoch. */
  long timestamp();

  /** What readers must honour, in the terms of Delta; its version is unsaid. */
  Protocol protocol();

  /** The table's metadata in the terms of Delta; version, size and access modes are unsaid. */
  Metadata metadata();

  /**
   * Another text once this version is described in another way, with other columns or partition
   * columns, say: what is told of it in parts has to be of one description. Empty where a version
   * is always described alike.
   */
  default String state() {
    return "";
  }

  /** Size and number of files, if that is known without a reading of them. */
  Optional<TableSize> size();

  /** The files of this version, in an order that may differ from call to call. */
  TableFileIterator files();

  /** The first rows of this version, in an order that may differ from call to call. */
  TableRows firstRows(TableRows.Limits limits);

  /**
   * The same version without table features, for clients that know none: as the protocol's parquet
   * format has it. Empty where only a table's features say what its rows are.
   */
  default Optional<TableSnapshot> plain() {
    return Optional.empty();
  }

  /** The bytes and the number of a version's data files. */
  record TableSize(long bytes, long files) {}
}
