/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.directory;

import java.time.Instant;
import java.util.List;

/**
 * A page of a directory's listing. Immutable.
 *
 * @param objects those right in the directory
 * @param next gets the next page; null where this is the last one
 */
record ListPage(List<StoredObject> objects, String next) {
  ListPage {
    objects = List.copyOf(objects);
  }

  /**
   * An object of a store.
   *
   * @param name below the location
   * @param size in bytes
   * @param lastModified when it was written
   * @param etag its version
   */
  record StoredObject(String name, long size, Instant lastModified, String etag) {}
}
