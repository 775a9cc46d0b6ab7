/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol.codec;

import io.github.deltasharing.protocol.ChangeFile;
import io.github.deltasharing.protocol.EndStreamAction;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.Protocol;
import io.github.deltasharing.protocol.QueryStatus;

/**
 * Receives the lines of a response in their order. What a receiver has no use for it need not
 * override.
 */
public interface ActionHandler {
  default void protocol(Protocol protocol) {}

  default void metadata(Metadata metadata) {}

  /** A file of a snapshot, or of a change. */
  default void file(ChangeFile file) {}

  default void endStream(EndStreamAction end) {}

  default void queryStatus(QueryStatus status) {}
}
