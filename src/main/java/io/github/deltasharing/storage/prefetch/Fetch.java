/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage.prefetch;

import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.storage.Pending;
import io.github.deltasharing.storage.SharedFile;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A request to the store, with its retries, that a thread of the {@link FetchPool} makes for a
 * task. It takes memory of the task's from its start until it is {@link #free freed}. Thread-safe.
 */
final class Fetch<T> extends FutureTask<T> implements Pending<T> {
  private final Object owner;
  private final SharedFile file;
  private final long bytes;
  private final ReadAhead ahead;

  /**
   * @param owner whose {@link io.github.deltasharing.storage.RangeSource#close closing} frees it
   * @param file for messages
   * @param bytes the memory that it takes
   */
  Fetch(ReadAhead ahead, Object owner, SharedFile file, long bytes, Callable<T> call) {
    super(call);
    this.ahead = ahead;
    this.owner = owner;
    this.file = file;
    this.bytes = bytes;
  }

  Object owner() {
    return owner;
  }

  long bytes() {
    return bytes;
  }

  /**
   * What was fetched; waits for it.
   *
   * @throws io.github.deltasharing.error.SharingException what the request failed with; or if the
   *     wait is interrupted or the fetch freed
   */
  @Override
  public T await() {
    long start = System.nanoTime();
    try {
      return get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted();
    } catch (CancellationException e) {
      throw interrupted();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      ahead.stats().waited(System.nanoTime() - start);
    }
  }

  private RuntimeException interrupted() {
    return SharingErrors.interrupted("reading file " + file.id() + " of " + file.table());
  }

  /**
   * Ends it where it runs, and gives its memory back. What it fetched must not be used any more.
   */
  void free() {
    cancel(true);
    ahead.freed(this);
  }

  /** For a fetch that found no thread. */
  void fail(Throwable problem) {
    setException(problem);
  }
}
