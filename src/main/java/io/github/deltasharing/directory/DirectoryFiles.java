/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.directory;

import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.protocol.ChangeFile;
import io.github.deltasharing.protocol.DeletionVectorDescriptor;
import io.github.deltasharing.protocol.FileIdScheme;
import io.github.deltasharing.protocol.FilePacker;
import io.github.deltasharing.source.ChangedFile;
import io.github.deltasharing.source.StoredVector;
import io.github.deltasharing.source.TableFile;

/**
 * Makes files of a log what a sharing server lists: with signed URLs and ids, and small. Used by
 * one thread, for one listing.
 */
final class DirectoryFiles {
  private final DirectoryUrls urls;
  private final FileIdScheme ids;
  private final FilePacker packer;
  private long firstExpiry = Long.MAX_VALUE;

  DirectoryFiles(DirectoryUrls urls, FileIdScheme ids, FilePacker packer) {
    this.urls = urls;
    this.ids = ids;
    this.packer = packer;
  }

  /**
   * A file of a snapshot.
   *
   * @param version the snapshot's to name, or null
   * @param timestamp the time of that version, epoch milliseconds, or null
   */
  AddFile ofSnapshot(TableFile file, Long version, Long timestamp) {
    return packer.pack(signed(file, version, timestamp).modifiedAt(file.modificationTime()));
  }

  /** A file of a commit. When one that left the table was written is not known. */
  ChangeFile ofCommit(ChangedFile change) {
    TableFile file = change.file();
    AddFile signed = signed(file, change.version(), change.timestamp());
    return packer.pack(
        new ChangeFile(
            change.kind(),
            change.kind() == ChangeFile.Kind.REMOVE
                ? signed
                : signed.modifiedAt(file.modificationTime()),
            file.dataChange()));
  }

  /** When the first URL of all so far ends, epoch milliseconds; null if there was none. */
  Long firstExpiry() {
    return firstExpiry == Long.MAX_VALUE ? null : (Long) firstExpiry;
  }

  private AddFile signed(TableFile file, Long version, Long timestamp) {
    String path = file.relativePath();
    long expiry = urls.expiry(path);
    DeletionVectorDescriptor deleted = null;
    if (file.deletionVector().isPresent()) {
      StoredVector vector = file.deletionVector().get();
      String at = vector.file().orElse(null);
      if (at == null) {
        deleted = vector.descriptor(null, null);
      } else {
        deleted = vector.descriptor(urls.sign(at), ids.id(at));
        expiry = Math.min(expiry, urls.expiry(at));
      }
    }
    firstExpiry = Math.min(firstExpiry, expiry);
    return new AddFile(
        urls.sign(path),
        ids.id(path),
        file.size(),
        file.partitionValues(),
        file.stats().orElse(null),
        version,
        timestamp,
        expiry,
        deleted);
  }
}
