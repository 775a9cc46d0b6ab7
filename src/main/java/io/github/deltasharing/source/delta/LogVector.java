/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.github.deltasharing.source.StoredVector;
import java.util.Optional;
import java.util.OptionalInt;

/** A deletion vector as a table's log has it. Immutable. */
record LogVector(DeltaTable table, DeletionVectorDescriptor vector) implements StoredVector {
  /** Kernel's own isInline compares the marker by reference. */
  private boolean isInline() {
    return DeletionVectorDescriptor.INLINE_DV_MARKER.equals(vector.getStorageType());
  }

  @Override
  public Optional<String> file() {
    if (isInline()) {
      return Optional.empty();
    }
    if (DeletionVectorDescriptor.PATH_DV_MARKER.equals(vector.getStorageType())) {
      return Optional.of(LogPaths.relative(table, vector.getPathOrInlineDv()));
    }
    return Optional.of(
        LogFailures.reading(
            table, () -> LogPaths.relativeFile(table, vector.getAbsolutePath(table.path()))));
  }

  @Override
  public String inline() {
    return vector.getPathOrInlineDv();
  }

  @Override
  public OptionalInt offset() {
    return vector.getOffset().isPresent()
        ? OptionalInt.of(vector.getOffset().get())
        : OptionalInt.empty();
  }

  @Override
  public int sizeInBytes() {
    return vector.getSizeInBytes();
  }

  @Override
  public long cardinality() {
    return vector.getCardinality();
  }
}
