/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source;

import io.github.deltasharing.protocol.Protocol;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The changes that a range of a table's commits made. Commits are read lazily. Used by one thread.
 */
public interface TableChanges {
  /** The table at the first version of the range. */
  TableSnapshot head();

  /**
   * The protocol that a reader of the range needs, where the response starts with a version's.
   *
   * @param first the version that the response starts with
   */
  default Protocol protocol(TableSnapshot first) {
    return first.protocol();
  }

  /**
   * The same changes without table features, as {@link TableSnapshot#plain} has versions. Empty
   * where only a table's features say what they are.
   */
  default Optional<TableChanges> plain() {
    return Optional.empty();
  }

  /** All features that a reader of one of the versions must know. */
  Set<String> readerFeatures();

  /** The first version in which the table records no change data, if there is one. */
  OptionalLong firstWithoutFeed();

  /**
   * Hands over the changes in the order of the commits, from a place in them on.
   *
   * @param feed whether the change data feed is wanted: a commit that has change files gives these
   *     alone
   * @param fromVersion the version to start with
   * @param fromPosition the action to start with in that version's commit
   */
  void visit(boolean feed, long fromVersion, int fromPosition, ChangeVisitor visitor)
      throws IOException;
}
