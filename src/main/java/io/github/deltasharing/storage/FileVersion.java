/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Which version of a file a reader reads, as far as ETags show: that of the first bytes that had
 * one. Thread-safe.
 */
public final class FileVersion {
  private final AtomicReference<String> etag = new AtomicReference<>();
  private volatile Runnable onOther = () -> {};

  /** The ETag that all bytes had which had one; null for none so far. */
  public String etag() {
    return etag.get();
  }

  /** Whether bytes with this ETag, null for none, belong with what was read; from now on if so. */
  public boolean accepts(String other) {
    if (other == null || etag.compareAndSet(null, other) || other.equals(etag.get())) {
      return true;
    }
    onOther.run();
    return false;
  }

  /**
   * Has bytes of another version noticed.
   *
   * @param action runs in the thread that read them, at each time
   */
  public void onOther(Runnable action) {
    onOther = action;
  }
}
