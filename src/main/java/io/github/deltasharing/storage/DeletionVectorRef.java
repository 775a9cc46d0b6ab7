/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage;

import io.github.deltasharing.error.FileErrors;
import io.github.deltasharing.protocol.DeletionVectorDescriptor;
import io.github.deltasharing.table.DeletionVector;
import java.io.Serializable;
import java.util.List;

/**
 * Where the deleted rows of a data file are listed: in the reference itself, or in a part of a
 * shared file. Immutable; travels to executors.
 */
public final class DeletionVectorRef implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Where the first vector of a file starts, behind the format's version. */
  private static final int FIRST_OFFSET = 1;

  private final SharedFile file;
  private final String inline;
  private final long offset;
  private final int sizeInBytes;
  private final long cardinality;

  private DeletionVectorRef(
      SharedFile file, String inline, long offset, int sizeInBytes, long cardinality) {
    this.file = file;
    this.inline = inline;
    this.offset = offset;
    this.sizeInBytes = sizeInBytes;
    this.cardinality = cardinality;
  }

  /**
   * The reference that a server's descriptor makes.
   *
   * @param dataFile the file whose rows are deleted
   * @param descriptor may be null, for no deleted rows
   * @return null for null
   * @throws io.github.deltasharing.error.SharingException if it is of a kind that cannot be read
   */
  public static DeletionVectorRef of(SharedFile dataFile, DeletionVectorDescriptor descriptor) {
    if (descriptor == null) {
      return null;
    }
    int size = descriptor.sizeInBytes();
    if (size < 0) {
      throw FileErrors.badDeletionVector(
          dataFile.table(),
          dataFile.id(),
          dataFile.url().host(),
          "the server promised " + size + " bytes",
          null);
    }
    String place = descriptor.pathOrInlineDv();
    if (descriptor.storageType().equals("i")) {
      if (descriptor.sizeInBytes() == 0 && descriptor.cardinality() == 0) {
        return null;
      }
      return inline(place, size, descriptor.cardinality());
    }
    // Stored vectors come with a signed URL, whatever kind of path stood in the log.
    if (!place.startsWith("http://") && !place.startsWith("https://")) {
      throw FileErrors.unsupportedDeletionVector(
          dataFile.table(), dataFile.id(), descriptor.storageType());
    }
    SharedFile file = dataFile.vectorsAt(new SignedUrl(descriptor.packedPathOrInlineDv()));
    int offset = descriptor.offset() == null ? FIRST_OFFSET : descriptor.offset();
    return stored(file, offset, size, descriptor.cardinality());
  }

  /** A vector written out in the descriptor, in Z85. */
  public static DeletionVectorRef inline(String z85, int sizeInBytes, long cardinality) {
    return new DeletionVectorRef(null, z85, 0, sizeInBytes, cardinality);
  }

  /**
   * A vector in a file.
   *
   * @param file its size may be {@link SharedFile#UNKNOWN_SIZE}
   * @param offset where in the file the vector's length is written
   */
  public static DeletionVectorRef stored(
      SharedFile file, long offset, int sizeInBytes, long cardinality) {
    return new DeletionVectorRef(file, null, offset, sizeInBytes, cardinality);
  }

  /** How many rows are deleted. */
  public long cardinality() {
    return cardinality;
  }

  /** The file that it is in; null where it is written out in the reference. */
  public SharedFile file() {
    return file;
  }

  long offset() {
    return offset;
  }

  /** How many bytes are fetched for it. */
  public long storedBytes() {
    return file == null ? 0 : framedBytes();
  }

  /** The bytes in the file, length and checksum among them. */
  public long framedBytes() {
    return (long) sizeInBytes + DeletionVector.FRAME_BYTES;
  }

  int sizeInBytes() {
    return sizeInBytes;
  }

  /** Where it comes from, for messages. */
  String host(SharedFile dataFile) {
    return (file == null ? dataFile : file).url().host();
  }

  /**
   * The vector in these bytes.
   *
   * @param framed null for one that is written out in the reference
   * @throws IllegalArgumentException saying what is wrong with it
   */
  DeletionVector decode(byte[] framed) {
    return inline == null
        ? DeletionVector.ofFile(framed, sizeInBytes, cardinality)
        : DeletionVector.ofInline(inline, sizeInBytes, cardinality);
  }

  /**
   * Names the vector's content to the tasks of one query. The URL's query is part of it: a store
   * may distinguish files by that alone, and all vectors of one deleted row are of one size.
   */
  Object key() {
    return List.of(inline == null ? file.url() : inline, offset, sizeInBytes, cardinality);
  }

  @Override
  public String toString() {
    return "DeletionVectorRef["
        + cardinality
        + " rows, "
        + (inline == null ? "stored" : "inline")
        + "]";
  }
}
