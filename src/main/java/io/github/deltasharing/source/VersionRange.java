/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source;

/**
 * The versions that a request for changes is about, both inclusive. Immutable.
 *
 * @param start the first version, which the table has
 * @param end the last version; one less than the first when no commit is between two times
 */
public record VersionRange(long start, long end) {

  public boolean isEmpty() {
    return end < start;
  }
}
