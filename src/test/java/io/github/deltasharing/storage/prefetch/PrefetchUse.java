/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage.prefetch;

/** What this JVM's reads fetch ahead, for tests on higher floors. */
public final class PrefetchUse {
  private PrefetchUse() {}

  /** Fetches that run. */
  public static int fetches() {
    return FetchPool.shared().running();
  }
}
