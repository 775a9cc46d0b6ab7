/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.reload;

import io.github.deltasharing.server.config.ConfigException;
import io.github.deltasharing.server.config.ShareConfig;

/** A part of the server that takes another configuration while it runs. */
@FunctionalInterface
public interface ReloadablePart {
  /**
   * Looks at a configuration; nothing changes yet.
   *
   * @return takes it, and does not fail
   * @throws ConfigException when it cannot be taken
   */
  Runnable prepare(ShareConfig config);
}
