/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage.prefetch;

import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.storage.DeletionVectorRef;
import io.github.deltasharing.storage.DeletionVectors;
import io.github.deltasharing.storage.FileAccess;
import io.github.deltasharing.storage.IoStats;
import io.github.deltasharing.storage.PrimedFile;
import io.github.deltasharing.storage.RangeSource;
import io.github.deltasharing.storage.SharedFile;
import io.github.deltasharing.storage.StreamedRanges;
import io.github.deltasharing.storage.TaskWaits;
import io.github.deltasharing.storage.prefetch.FetchPool.Rank;
import io.github.deltasharing.table.DeletionVector;
import java.io.Closeable;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Opens files for one task and fetches their bytes ahead of their reader, by threads of the {@link
 * FetchPool}, within the memory that the option {@code prefetchMemory} gives the task. With none,
 * the task's thread makes each request itself, when the bytes are read.
 *
 * <p>Only the task's thread opens files, reads them and so starts fetches: the room that it sees
 * does not shrink meanwhile. {@link #close} ends all that is on its way, and may come from any
 * thread.
 */
public final class ReadAhead implements Closeable {
  /** Long enough that a request's delay is little beside its transfer. */
  private static final long LONGEST_PIECE = 8 << 20;

  /** Shorter requests cost more than the memory they save. */
  private static final long SHORTEST_PIECE = 64 << 10;

  private final FileAccess files;
  private final HttpSettings http;
  private final IoStats stats;
  private final BooleanSupplier cancelled;
  private final TaskWaits waits = new TaskWaits();
  private final FetchPool pool;
  private final FetchPool.TaskQueue queue;
  private final AtomicLong room;
  private final Set<Fetch<?>> fetches = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * @param files the way to the bytes
   * @param stats where the task's requests are counted
   */
  public ReadAhead(FileAccess files, HttpSettings http, IoStats stats) {
    this(files, http, stats, () -> false);
  }

  /**
   * @param files the way to the bytes
   * @param stats where the task's requests are counted
   * @param cancelled whether the task was cancelled; called by any thread. Soon after, whatever it
   *     waits for ends
   */
  public ReadAhead(FileAccess files, HttpSettings http, IoStats stats, BooleanSupplier cancelled) {
    this(files, http, stats, FetchPool.shared(), cancelled);
    CancelWatch.shared().add(this);
  }

  ReadAhead(FileAccess files, HttpSettings http, IoStats stats, FetchPool pool) {
    this(files, http, stats, pool, () -> false);
  }

  private ReadAhead(
      FileAccess files,
      HttpSettings http,
      IoStats stats,
      FetchPool pool,
      BooleanSupplier cancelled) {
    this.cancelled = cancelled;
    this.files = files;
    this.http = http;
    this.stats = stats;
    this.pool = pool;
    this.queue = new FetchPool.TaskQueue(http.maxConnections());
    this.room = new AtomicLong(http.prefetchMemory());
  }

  private boolean isOff() {
    return http.prefetchMemory() == 0;
  }

  /**
   * Whether a file that is read later may be opened now. Such files get half of the memory: the
   * other half is for the file that is being read.
   *
   * @param vectorBytes what its deletion vectors take
   */
  public boolean hasRoomFor(SharedFile file, long vectorBytes) {
    return hasRoom(PrimedFile.tailBytes(file.size()) + vectorBytes + http.prefetchMemory() / 2);
  }

  /** Opens the file that is read now, as {@link #openAhead}. */
  public PrimedFile open(SharedFile file) {
    return open(file, Rank.NEEDED);
  }

  /**
   * Opens a file that is read later. Its tail is on its way when this returns; or here, without
   * read-ahead.
   */
  public PrimedFile openAhead(SharedFile file) {
    return open(file, Rank.NEXT_FILES);
  }

  private PrimedFile open(SharedFile file, Rank rank) {
    return new PrimedFile(
        isOff()
            ? new StreamedRanges(files.open(file, stats), waits)
            : new PrefetchedRanges(files.open(file, stats.inBackground()), this, rank));
  }

  /**
   * Fetches the deleted rows of a file; what is returned waits for them, once.
   *
   * @throws io.github.deltasharing.error.SharingException as {@link DeletionVectors#load}, now or
   *     when the result is taken
   */
  public Supplier<DeletionVector> deletions(DeletionVectorRef ref, SharedFile dataFile) {
    if (isOff() || ref.file() == null) {
      return () -> waits.during(() -> DeletionVectors.shared().load(ref, dataFile, files, stats));
    }
    Fetch<DeletionVector> fetch =
        fetch(
            Rank.PLANNED,
            ref,
            ref.framedBytes(),
            dataFile,
            () -> DeletionVectors.shared().load(ref, dataFile, files, stats.inBackground()));
    return () -> {
      DeletionVector deletions = fetch.await();
      fetch.free();
      return deletions;
    };
  }

  /** How long a request is at most: short enough that several fit into the memory. */
  long pieceBytes() {
    return Math.max(SHORTEST_PIECE, Math.min(LONGEST_PIECE, http.prefetchMemory() / 4));
  }

  /** Whether any memory is left. What cannot wait is fetched all the same. */
  public boolean hasRoom() {
    return hasRoom(0);
  }

  boolean hasRoom(long bytes) {
    return bytes <= room.get();
  }

  /** Starts a fetch, whether there is room or not. */
  <T> Fetch<T> fetch(Rank rank, RangeSource source, long bytes, Callable<T> call) {
    return fetch(rank, source, bytes, source.file(), call);
  }

  private <T> Fetch<T> fetch(
      Rank rank, Object owner, long bytes, SharedFile file, Callable<T> call) {
    Fetch<T> fetch = new Fetch<>(this, owner, file, bytes, call);
    if (reserve(fetch)) {
      pool.submit(queue, rank, fetch);
    }
    return fetch;
  }

  /** As if fetched: bytes that need no request. They take the same room. */
  <T> Fetch<T> fetched(RangeSource source, long bytes, T value) {
    Fetch<T> fetch = new Fetch<>(this, source, source.file(), bytes, () -> value);
    fetch.run();
    reserve(fetch);
    return fetch;
  }

  private boolean reserve(Fetch<?> fetch) {
    room.addAndGet(-fetch.bytes());
    fetches.add(fetch);
    if (closed) {
      fetch.free();
      return false;
    }
    return true;
  }

  /** Frees what belongs to {@code owner}. */
  void free(Object owner) {
    for (Fetch<?> fetch : fetches) {
      if (fetch.owner() == owner) {
        fetch.free();
      }
    }
  }

  void freed(Fetch<?> fetch) {
    if (fetches.remove(fetch)) {
      room.addAndGet(fetch.bytes());
    }
  }

  IoStats stats() {
    return stats;
  }

  /** Looks whether the task was cancelled. From any thread. */
  void endIfCancelled() {
    if (cancelled.getAsBoolean()) {
      close();
      waits.end();
    }
  }

  /** Ends all fetches. A thread that waits for one stops waiting. */
  @Override
  public void close() {
    closed = true;
    CancelWatch.shared().remove(this);
    pool.forget(queue);
    fetches.forEach(Fetch::free);
  }
}
