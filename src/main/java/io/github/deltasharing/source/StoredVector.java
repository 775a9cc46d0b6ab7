/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source;

import io.github.deltasharing.protocol.DeletionVectorDescriptor;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which rows of a data file are deleted: a bitmap, inline or in a file of the table. Safe for use
 * by several threads.
 */
public interface StoredVector {
  /**
   * The path, below the table's directory and decoded, of the file that the vector is in; empty for
   * an inline one.
   */
  Optional<String> file();

  /** The vector itself, encoded as Delta Lake does, of an inline one. */
  String inline();

  /** Where it starts in its file. */
  OptionalInt offset();

  int sizeInBytes();

  /** How many rows are deleted. */
  long cardinality();

  /**
   * As the wire has it.
   *
   * @param url of the file that it is in; null for an inline one
   * @param fileId of that file; null for an inline one
   */
  default DeletionVectorDescriptor descriptor(String url, String fileId) {
    DeletionVectorDescriptor descriptor =
        new DeletionVectorDescriptor(
            url == null ? "i" : "p",
            url == null ? inline() : url,
            offset().isPresent() ? (Integer) offset().getAsInt() : null,
            sizeInBytes(),
            cardinality());
    return url == null ? descriptor : descriptor.withFileId(fileId);
  }
}
