/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source;

import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.Protocol;
import java.io.IOException;

/** Takes the changes of a table one by one, in the order of the log. Used by one thread. */
public interface ChangeVisitor {
  /** A commit after the first changes the protocol. */
  void protocol(Protocol protocol, long version) throws IOException;

  /** A commit after the first changes the metadata. */
  void metadata(Metadata metadata, long version) throws IOException;

  /**
   * A file that was changed.
   *
   * @param position of the action in its commit
   * @return whether it was taken; if not, this visit is over
   */
  boolean file(ChangedFile file, int position) throws IOException;
}
