/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.github.deltasharing.source.StoredVector;
import io.github.deltasharing.source.index.IndexedVector;
import io.github.deltasharing.source.index.VectorCodec;
import java.util.Optional;
import java.util.OptionalInt;

/** The deletion vectors of a table's log. Immutable. */
record LogVectors(DeltaTable table) implements VectorCodec {
  @Override
  public IndexedVector fields(StoredVector vector) {
    return fields(((LogVector) vector).vector());
  }

  static IndexedVector fields(DeletionVectorDescriptor vector) {
    return new IndexedVector(
        vector.getStorageType(),
        vector.getPathOrInlineDv(),
        vector.getOffset().map(OptionalInt::of).orElse(OptionalInt.empty()),
        vector.getSizeInBytes(),
        vector.getCardinality());
  }

  @Override
  public StoredVector vector(IndexedVector fields) {
    return new LogVector(
        table,
        new DeletionVectorDescriptor(
            fields.storageType(),
            fields.pathOrInline(),
            fields.offset().isPresent()
                ? Optional.of(fields.offset().getAsInt())
                : Optional.empty(),
            fields.sizeInBytes(),
            fields.cardinality()));
  }
}
