/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import io.github.deltasharing.source.StoredVector;
import io.github.deltasharing.source.index.IndexedVector;
import io.github.deltasharing.source.index.VectorCodec;
import java.util.Optional;

/** Deletion vectors of Iceberg tables, to and from what is kept of them. Stateless. */
final class IcebergVectorCodec implements VectorCodec {
  private static final String IN_FILE = "p";
  private static final String INLINE = "i";

  @Override
  public IndexedVector fields(StoredVector vector) {
    return new IndexedVector(
        vector.file().isPresent() ? IN_FILE : INLINE,
        vector.file().orElseGet(vector::inline),
        vector.offset(),
        vector.sizeInBytes(),
        vector.cardinality());
  }

  @Override
  public StoredVector vector(IndexedVector fields) {
    boolean inFile = fields.storageType().equals(IN_FILE);
    return new IcebergVector(
        inFile ? Optional.of(fields.pathOrInline()) : Optional.empty(),
        inFile ? null : fields.pathOrInline(),
        fields.offset(),
        fields.sizeInBytes(),
        fields.cardinality());
  }
}
