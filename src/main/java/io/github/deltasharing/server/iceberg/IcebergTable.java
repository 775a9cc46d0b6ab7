/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.source.SourceException;
import io.github.deltasharing.source.TableStorage;

/**
 * An Iceberg table and the store that it is read from. Immutable.
 *
 * @param shared with the table's directory as its location
 * @param storage where that is
 */
record IcebergTable(SharedTable shared, TableStorage storage) {
  /** As messages and logs name it. */
  String name() {
    return shared.fullName();
  }

  /** A refusal for what the table uses, which cannot be honoured. */
  SourceException unsupported(String why) {
    return SourceException.unsupported("Cannot read " + name() + ": " + why);
  }

  /** What a file's path in the metadata is below the table's directory. */
  String relative(String location) {
    return storage
        .relativize(TableFileIo.absolute(location))
        .filter(path -> !(path + "/").contains("../"))
        .orElseThrow(
            () ->
                unsupported(
                    "its metadata names a file that is not below the table's directory. Such a"
                        + " table is not served; rewrite it into one directory"));
  }
}
