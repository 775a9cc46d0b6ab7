package io.github.deltasharing.protocol;

/**
 * Which rows of a data file are deleted (Delta protocol, "Deletion Vector Descriptor Schema"). On
 * the wire an on-disk vector's path is a signed URL.
 */
public record DeletionVectorDescriptor(
    String storageType, String pathOrInlineDv, Integer offset, int sizeInBytes, long cardinality) {
  @Override
  public String toString() {
    return "DeletionVectorDescriptor[storageType="
        + storageType
        + ", cardinality="
        + cardinality
        + "]";
  }
}
