/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.index;

import io.github.deltasharing.source.StoredVector;

/** A table format's deletion vectors, to and from what is kept of them. */
public interface VectorCodec {
  /** What to keep. */
  IndexedVector fields(StoredVector vector);

  /** What was kept, as a vector of the table that is read. */
  StoredVector vector(IndexedVector fields);
}
