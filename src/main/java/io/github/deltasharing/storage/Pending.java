/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage;

/** What is on its way, or here. */
public interface Pending<T> {
  /** Whether {@link #await} does not wait. */
  boolean isDone();

  /**
   * Waits for it.
   *
   * @throws io.github.deltasharing.error.SharingException if it does not come
   */
  T await();

  /** What is here. */
  static <T> Pending<T> here(T value) {
    return new Pending<>() {
      @Override
      public boolean isDone() {
        return true;
      }

      @Override
      public T await() {
        return value;
      }
    };
  }
}
