/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.api;

import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.protocol.ChangeFile;
import io.github.deltasharing.protocol.DeletionVectorDescriptor;
import io.github.deltasharing.server.storage.FileUrls;
import io.github.deltasharing.server.storage.PresignedUrl;
import io.github.deltasharing.source.ChangedFile;
import io.github.deltasharing.source.StoredVector;
import io.github.deltasharing.source.TableFile;
import java.time.Instant;

/**
 * Makes records of the wire of one response's files, with their signed URLs, and knows which of
 * these expires first. Used by one thread.
 */
final class SignedFiles {
  private final FileUrls urls;
  private Instant firstExpiry;

  SignedFiles(FileUrls urls) {
    this.urls = urls;
  }

  /**
   * A file of a snapshot.
   *
   * @param version the snapshot's to name, or null
   * @param timestamp the time of that version, epoch milliseconds, or null
   */
  ChangeFile ofSnapshot(TableFile file, Long version, Long timestamp) {
    return signed(ChangeFile.Kind.ADD, file, version, timestamp);
  }

  /** A file of a commit. */
  ChangeFile ofCommit(ChangedFile change) {
    return signed(change.kind(), change.file(), change.version(), change.timestamp());
  }

  /** When the first URL of all so far expires, epoch milliseconds; null if there was none. */
  Long firstExpiry() {
    return firstExpiry == null ? null : (Long) firstExpiry.toEpochMilli();
  }

  private ChangeFile signed(ChangeFile.Kind kind, TableFile file, Long version, Long timestamp) {
    PresignedUrl url = urls.sign(file.relativePath());
    Instant expiry = url.expiry();
    DeletionVectorDescriptor deletionVector = null;
    if (file.deletionVector().isPresent()) {
      StoredVector vector = file.deletionVector().get();
      String path = vector.file().orElse(null);
      if (path == null) {
        deletionVector = vector.descriptor(null, null);
      } else {
        PresignedUrl vectorUrl = urls.sign(path);
        expiry = earlier(expiry, vectorUrl.expiry());
        deletionVector = vector.descriptor(vectorUrl.url(), urls.id(path));
      }
    }
    firstExpiry = firstExpiry == null ? expiry : earlier(firstExpiry, expiry);
    AddFile signed =
        new AddFile(
                url.url(),
                urls.id(file.relativePath()),
                file.size(),
                file.partitionValues(),
                file.stats().orElse(null),
                version,
                timestamp,
                expiry.toEpochMilli(),
                deletionVector)
            .modifiedAt(file.modificationTime());
    return new ChangeFile(kind, signed, file.dataChange());
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }
}
