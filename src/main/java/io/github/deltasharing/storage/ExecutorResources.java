/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What all tasks of an executor's JVM share: caches, pools, watches. One of each kind, made when
 * first used, bounded by itself, and kept until the JVM ends. Thread-safe.
 */
public final class ExecutorResources {
  private static final Map<Class<?>, Object> SHARED = new ConcurrentHashMap<>();

  private ExecutorResources() {}

  /**
   * The resource of a kind.
   *
   * @param make makes it; must not call this for the same kind
   */
  public static <T> T shared(Class<T> kind, Supplier<T> make) {
    Object found = SHARED.get(kind);
    if (found == null) {
      // Not computeIfAbsent, which must not be called again by what it calls.
      T made = make.get();
      Object other = SHARED.putIfAbsent(kind, made);
      found = other == null ? made : other;
    }
    return kind.cast(found);
  }

  /** Forgets all of them, for tests. Reads that go on keep those that they began with. */
  static void reset() {
    SHARED.clear();
  }
}
