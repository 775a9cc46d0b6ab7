/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage;

import io.github.deltasharing.error.FileErrors;
import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.table.DeletionVector;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * Loads deletion vectors, once for all tasks of this JVM that read splits of one file: the last
 * ones used are kept, up to a bound. Thread-safe.
 */
public final class DeletionVectors {
  /** What the vectors kept take, roughly. */
  private static final long MOST_BYTES = 32L << 20;

  /** What one takes besides its bytes: objects, half-filled arrays, a URL. */
  static final int ENTRY_BYTES = 2 << 10;

  private final long mostBytes;
  private final Map<Object, Entry> kept = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  private record Entry(CompletableFuture<DeletionVector> vector, long bytes) {}

  DeletionVectors(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** The cache of this JVM. */
  public static DeletionVectors shared() {
    return ExecutorResources.shared(DeletionVectors.class, () -> new DeletionVectors(MOST_BYTES));
  }

  /**
   * The deleted rows of a data file.
   *
   * @param dataFile the file whose rows they are
   * @param files the way to the file that they are in
   * @throws io.github.deltasharing.error.SharingException if it cannot be had or is not what was
   *     promised
   */
  public DeletionVector load(
      DeletionVectorRef ref, SharedFile dataFile, FileAccess files, IoStats stats) {
    return get(ref, () -> read(ref, dataFile, files, stats));
  }

  DeletionVector get(DeletionVectorRef ref, Supplier<DeletionVector> load) {
    CompletableFuture<DeletionVector> mine = new CompletableFuture<>();
    CompletableFuture<DeletionVector> found = putIfAbsent(ref, mine);
    if (found != null) {
      try {
        return found.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw SharingErrors.interrupted("waiting for a deletion vector");
      } catch (ExecutionException e) {
        // Another task's failure (an expired URL, an interrupt) need not be this one's.
        return load.get();
      }
    }
    try {
      mine.complete(load.get());
    } catch (RuntimeException | Error e) {
      // Those that wait must hear of it, whatever it is.
      remove(ref.key());
      mine.completeExceptionally(e);
      throw e;
    }
    return mine.join();
  }

  private static DeletionVector read(
      DeletionVectorRef ref, SharedFile dataFile, FileAccess files, IoStats stats) {
    checkSize(ref, dataFile);
    if (ref.file() != null) {
      stats.needed(ref.framedBytes());
    }
    byte[] framed =
        ref.file() == null
            ? null
            : files.open(ref.file(), stats).read(ref.offset(), ref.offset() + ref.framedBytes());
    try {
      return ref.decode(framed);
    } catch (IllegalArgumentException e) {
      throw FileErrors.badDeletionVector(
          dataFile.table(), dataFile.id(), ref.host(dataFile), e.getMessage(), e);
    }
  }

  /** Here, not where it is planned: it has to fit into this heap. */
  private static void checkSize(DeletionVectorRef ref, SharedFile dataFile) {
    long most = ClaimLimits.here().deletions();
    if (ref.sizeInBytes() > most) {
      throw FileErrors.badDeletionVector(
          dataFile.table(),
          dataFile.id(),
          ref.host(dataFile),
          "it claims "
              + ref.sizeInBytes()
              + " bytes, over the limit of "
              + most
              + " bytes for this heap",
          null);
    }
  }

  private synchronized CompletableFuture<DeletionVector> putIfAbsent(
      DeletionVectorRef ref, CompletableFuture<DeletionVector> mine) {
    Entry entry = kept.get(ref.key());
    if (entry != null) {
      return entry.vector();
    }
    long taken = ENTRY_BYTES + ref.framedBytes();
    kept.put(ref.key(), new Entry(mine, taken));
    bytes += taken;
    Iterator<Entry> oldest = kept.values().iterator();
    while (bytes > mostBytes && kept.size() > 1) {
      bytes -= oldest.next().bytes();
      oldest.remove();
    }
    return null;
  }

  private synchronized void remove(Object key) {
    Entry entry = kept.remove(key);
    bytes -= entry == null ? 0 : entry.bytes();
  }
}
