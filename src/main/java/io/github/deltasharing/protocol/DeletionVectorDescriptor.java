/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol;

import io.github.deltasharing.protocol.compact.PackedText;
import io.github.deltasharing.protocol.compact.TextPacker;
import java.util.Objects;

/**
 * Which rows of a data file are deleted (Delta protocol, "Deletion Vector Descriptor Schema"). On
 * the wire an on-disk vector's path is a signed URL. Immutable.
 */
public final class DeletionVectorDescriptor {
  private final String storageType;
  private final PackedText pathOrInlineDv;
  private final Integer offset;
  private final int sizeInBytes;
  private final long cardinality;
  private final String fileId;

  private DeletionVectorDescriptor(
      String storageType,
      PackedText pathOrInlineDv,
      Integer offset,
      int sizeInBytes,
      long cardinality,
      String fileId) {
    this.storageType = storageType;
    this.pathOrInlineDv = pathOrInlineDv;
    this.offset = offset;
    this.sizeInBytes = sizeInBytes;
    this.cardinality = cardinality;
    this.fileId = fileId;
  }

  public DeletionVectorDescriptor(
      String storageType,
      String pathOrInlineDv,
      Integer offset,
      int sizeInBytes,
      long cardinality) {
    this(storageType, PackedText.of(pathOrInlineDv), offset, sizeInBytes, cardinality, null);
  }

  /** The same with the id of the file that it is in, or null. */
  public DeletionVectorDescriptor withFileId(String id) {
    return new DeletionVectorDescriptor(
        storageType, pathOrInlineDv, offset, sizeInBytes, cardinality, id);
  }

  /** The same, small; without the file's id, which no reader needs. */
  DeletionVectorDescriptor packedBy(TextPacker packer) {
    return new DeletionVectorDescriptor(
        storageType.intern(), packer.pack(pathOrInlineDv), offset, sizeInBytes, cardinality, null);
  }

  public String storageType() {
    return storageType;
  }

  /** The vector itself, or its signed URL: a secret. */
  public String pathOrInlineDv() {
    return pathOrInlineDv.text();
  }

  /** The same as it is kept. */
  public PackedText packedPathOrInlineDv() {
    return pathOrInlineDv;
  }

  public Integer offset() {
    return offset;
  }

  public int sizeInBytes() {
    return sizeInBytes;
  }

  public long cardinality() {
    return cardinality;
  }

  /**
   * The id of the file that the vector is in, the same whatever its URL; null for an inline vector,
   * or where the server does not say. Not part of equality: equal vectors delete the same rows.
   */
  public String fileId() {
    return fileId;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof DeletionVectorDescriptor that
        && storageType.equals(that.storageType)
        && pathOrInlineDv.equals(that.pathOrInlineDv)
        && Objects.equals(offset, that.offset)
        && sizeInBytes == that.sizeInBytes
        && cardinality == that.cardinality;
  }

  @Override
  public int hashCode() {
    return Objects.hash(storageType, pathOrInlineDv, offset, sizeInBytes, cardinality);
  }

  @Override
  public String toString() {
    return "DeletionVectorDescriptor[storageType="
        + storageType
        + ", cardinality="
        + cardinality
        + "]";
  }
}
