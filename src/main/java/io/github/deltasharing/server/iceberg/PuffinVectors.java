/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import io.github.deltasharing.source.PositionedInput;
import io.github.deltasharing.table.DeletionVector;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.exceptions.NotFoundException;

/**
 * Takes deletion vectors out of Puffin files, to be written out in a response: Delta Kernel in Rust
 * wants the first byte of a file of vectors to be Delta's. Reads up to a bound in one listing; what
 * is beyond it is left where it is. Used by one thread.
 */
final class PuffinVectors {
  private static final int LONGEST = 4 << 20;
  private static final int MOST_READS = 1_000;
  private static final long MOST_BYTES = 64L << 20;

  /** Files up to this long are read at once, and kept for the vectors that follow. */
  private static final int WHOLE_FILE = 1 << 20;

  private static final int KEPT_FILES = 16;

  private final IcebergTable table;
  private final Map<String, byte[]> files = new LinkedHashMap<>(16, 0.75f, true);
  private int reads;
  private long bytes;

  PuffinVectors(IcebergTable table) {
    this.table = table;
  }

  /** A vector as it is written out; as it is stored if that would be too much. */
  IcebergVector of(IcebergVector stored, DeleteFile file) {
    int size = stored.sizeInBytes() + DeletionVector.FRAME_BYTES;
    if (size > LONGEST) {
      return stored;
    }
    Optional<byte[]> framed = framed(stored, file, size);
    if (framed.isEmpty()) {
      return stored;
    }
    decoded(framed.get(), stored);
    return new IcebergVector(
        Optional.empty(),
        DeletionVector.inline(framed.get()),
        OptionalInt.empty(),
        stored.sizeInBytes(),
        stored.cardinality());
  }

  /** The rows of a vector, whatever was read before: the caller bounds how much that is. */
  DeletionVector rows(IcebergVector stored, DeleteFile file) {
    int size = stored.sizeInBytes() + DeletionVector.FRAME_BYTES;
    byte[] framed =
        framed(stored, file, size)
            .orElseGet(
                () -> part(stored.file().orElseThrow(), stored.offset().orElseThrow(), size));
    return decoded(framed, stored);
  }

  private DeletionVector decoded(byte[] framed, IcebergVector stored) {
    try {
      return DeletionVector.ofFile(framed, stored.sizeInBytes(), stored.cardinality());
    } catch (IllegalArgumentException e) {
      throw table.unsupported("the deletion vector of a data file is damaged: " + e.getMessage());
    }
  }

  private Optional<byte[]> framed(IcebergVector stored, DeleteFile file, int size) {
    String path = stored.file().orElseThrow();
    int offset = stored.offset().orElseThrow();
    byte[] whole = files.get(path);
    if (whole == null && file.fileSizeInBytes() <= WHOLE_FILE) {
      whole = read(path, 0, (int) file.fileSizeInBytes()).orElse(null);
      if (whole != null) {
        files.put(path, whole);
        if (files.size() > KEPT_FILES) {
          files.remove(files.keySet().iterator().next());
        }
      }
    }
    return whole != null
        ? Optional.of(Arrays.copyOfRange(whole, offset, offset + size))
        : read(path, offset, size);
  }

  private Optional<byte[]> read(String path, long offset, int size) {
    if (reads == MOST_READS || bytes + size > MOST_BYTES) {
      return Optional.empty();
    }
    reads++;
    bytes += size;
    return Optional.of(part(path, offset, size));
  }

  private byte[] part(String path, long offset, int size) {
    byte[] part = new byte[size];
    try (PositionedInput input = table.storage().openAt(path)) {
      input.readFully(offset, part, 0, size);
      return part;
    } catch (FileNotFoundException e) {
      throw new NotFoundException(e, "%s is not there", path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
