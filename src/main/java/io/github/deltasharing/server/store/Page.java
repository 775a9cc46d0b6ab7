/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Some of the items of a list, by their names' order. Immutable.
 *
 * @param items the items
 * @param next the key after which the next page starts; empty after the last one
 * @param <T> what the items are
 */
public record Page<T>(List<T> items, Optional<String> next) {
  /**
   * Which page.
   *
   * @param after the key after which it starts, empty for the first
   * @param size the most items of it
   */
  public record Of(String after, int size) {}

  /** A page of what was read, which is one item more than the page has if there are more. */
  static <T> Page<T> of(List<T> read, int size, Function<T, String> name) {
    if (read.size() <= size) {
      return new Page<>(read, Optional.empty());
    }
    List<T> items = List.copyOf(read.subList(0, size));
    return new Page<>(items, Optional.of(Names.key(name.apply(items.get(size - 1)))));
  }
}
