package io.github.deltasharing.server.api;

import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.protocol.ChangeFile;
import io.github.deltasharing.server.delta.LogFailures;
import io.github.deltasharing.server.delta.LogPaths;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.storage.FileUrls;
import io.github.deltasharing.server.table.ChangedFile;
import io.github.deltasharing.server.table.SharedFile;

/**
 * The files of one response as records of the wire, with their signed URLs. Immutable, safe for use
 * by several threads.
 */
public record SignedFiles(FileUrls urls) {
  /**
   * A file of a snapshot.
   *
   * @param version the snapshot's to name, or null
   * @param timestamp the time of that version, epoch milliseconds, or null
   */
  public ChangeFile ofSnapshot(SharedFile file, Long version, Long timestamp) {
    return signed(ChangeFile.Kind.ADD, file, version, timestamp);
  }

  /** A file of a commit. */
  ChangeFile ofCommit(ChangedFile change) {
    ChangeFile.Kind kind =
        switch (change.kind()) {
          case ADD -> ChangeFile.Kind.ADD;
          case REMOVE -> ChangeFile.Kind.REMOVE;
          case CHANGES -> ChangeFile.Kind.CDC;
        };
    return signed(kind, change.file(), change.version(), change.timestamp());
  }

  private ChangeFile signed(ChangeFile.Kind kind, SharedFile file, Long version, Long timestamp) {
    AddFile signed =
        new AddFile(
                urls.url(file.relativePath()),
                urls.id(file.relativePath()),
                file.size(),
                file.partitionValues(),
                file.stats().orElse(null),
                version,
                timestamp,
                urls.expiry().toEpochMilli(),
                file.deletionVector().map(this::signed).orElse(null))
            .modifiedAt(file.modificationTime());
    return new ChangeFile(kind, signed, file.dataChange());
  }

  /** A vector on disk gets an absolute path, which is its signed URL. */
  private io.github.deltasharing.protocol.DeletionVectorDescriptor signed(
      DeletionVectorDescriptor vector) {
    // Kernel's own isInline compares the marker by reference.
    if (DeletionVectorDescriptor.INLINE_DV_MARKER.equals(vector.getStorageType())) {
      return descriptor(vector, vector.getStorageType(), vector.getPathOrInlineDv());
    }
    String path = relativePath(vector);
    return descriptor(vector, DeletionVectorDescriptor.PATH_DV_MARKER, urls.url(path))
        .withFileId(urls.id(path));
  }

  private static io.github.deltasharing.protocol.DeletionVectorDescriptor descriptor(
      DeletionVectorDescriptor vector, String storageType, String pathOrInline) {
    return new io.github.deltasharing.protocol.DeletionVectorDescriptor(
        storageType,
        pathOrInline,
        vector.getOffset().orElse(null),
        vector.getSizeInBytes(),
        vector.getCardinality());
  }

  private String relativePath(DeletionVectorDescriptor vector) {
    SharedTable table = urls.table();
    if (DeletionVectorDescriptor.PATH_DV_MARKER.equals(vector.getStorageType())) {
      return LogPaths.relative(table, vector.getPathOrInlineDv());
    }
    return LogFailures.reading(
        table,
        () -> LogPaths.relativeFile(table, vector.getAbsolutePath(table.directory().toString())));
  }
}
