/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The names of files that do not identify one file: the same for several files of a listing, or
 * empty. The protocol wants ids to be unique; what is kept under such a name would be taken for
 * another file's. Built by one thread, then not changed.
 */
public final class AmbiguousNames implements Predicate<String> {
  private final Set<String> seen = new HashSet<>();
  private final Set<String> repeated = new HashSet<>();

  /** Counts one more file of this name. */
  public void add(String name) {
    if (!seen.add(name)) {
      repeated.add(name);
    }
  }

  /** Whether more files than one may have the name. */
  @Override
  public boolean test(String name) {
    return name.isEmpty() || repeated.contains(name);
  }
}
