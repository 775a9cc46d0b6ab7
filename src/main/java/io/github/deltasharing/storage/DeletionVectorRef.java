package io.github.deltasharing.storage;

import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.protocol.DeletionVectorDescriptor;
import io.github.deltasharing.table.DeletionVector;
import java.io.Serializable;

/**
 * Where the deleted rows of a data file are listed: in the reference itself, or in a part of a
 * shared file. Immutable; travels to executors.
 */
public final class DeletionVectorRef implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Where the first vector of a file stands, behind the format's version. */
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
    String place = descriptor.pathOrInlineDv();
    if (descriptor.storageType().equals("i")) {
      return inline(place, descriptor.sizeInBytes(), descriptor.cardinality());
    }
    // Stored vectors come with a signed URL, whatever kind of path stood in the log.
    if (!place.startsWith("http://") && !place.startsWith("https://")) {
      throw SharingErrors.unsupportedDeletionVector(
          dataFile.table(), dataFile.id(), descriptor.storageType());
    }
    SharedFile file =
        new SharedFile(
            dataFile.table(),
            "deletion vector of " + dataFile.id(),
            new SignedUrl(place),
            SharedFile.UNKNOWN_SIZE);
    int offset = descriptor.offset() == null ? FIRST_OFFSET : descriptor.offset();
    return stored(file, offset, descriptor.sizeInBytes(), descriptor.cardinality());
  }

  /** A vector written out in the descriptor, in Z85. */
  public static DeletionVectorRef inline(String z85, int sizeInBytes, long cardinality) {
    return new DeletionVectorRef(null, z85, 0, sizeInBytes, cardinality);
  }

  /**
   * A vector in a file.
   *
   * @param file its size may be {@link SharedFile#UNKNOWN_SIZE}
   * @param offset where the vector's length stands in the file
   */
  public static DeletionVectorRef stored(
      SharedFile file, long offset, int sizeInBytes, long cardinality) {
    return new DeletionVectorRef(file, null, offset, sizeInBytes, cardinality);
  }

  /** How many rows are deleted. */
  public long cardinality() {
    return cardinality;
  }

  SharedFile file() {
    return file;
  }

  long offset() {
    return offset;
  }

  /** The bytes in the file, length and checksum among them. */
  int framedBytes() {
    return sizeInBytes + DeletionVector.FRAME_BYTES;
  }

  DeletionVector decode(byte[] framed) {
    return inline == null
        ? DeletionVector.ofFile(framed, sizeInBytes, cardinality)
        : DeletionVector.ofInline(inline, sizeInBytes, cardinality);
  }

  /** Names the vector's content, whatever URL it came with. */
  String key() {
    return inline == null
        ? file.url().place() + "@" + offset + "+" + sizeInBytes + "#" + cardinality
        : inline;
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
