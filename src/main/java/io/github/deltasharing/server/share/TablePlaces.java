/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.share;

/**
 * Finds the directories of tables whose locations are not directories: names in a catalog, files of
 * metadata. Safe for use by several threads.
 */
@FunctionalInterface
public interface TablePlaces {
  /** Every location is a directory. */
  TablePlaces DIRECTORIES = table -> table;

  /** The same table with the directory that all its files are below as its location. */
  SharedTable placed(SharedTable table);
}
