/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.directory;

import java.util.function.Supplier;

/**
 * Another location of a table's files. Its credential is requested when a file there is met. Driver
 * only; thread-safe.
 */
final class AuxiliaryStore {
  private final StoreLocation location;
  private final Supplier<ObjectStore> opener;
  private volatile ObjectStore store;

  AuxiliaryStore(StoreLocation location, Supplier<ObjectStore> opener) {
    this.location = location;
    this.opener = opener;
  }

  StoreLocation location() {
    return location;
  }

  /** What signs for it. Two threads may open it at once, with the same result. */
  ObjectStore store() {
    if (store == null) {
      store = opener.get();
    }
    return store;
  }
}
