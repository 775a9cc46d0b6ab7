/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.share;

import java.util.List;
import java.util.Optional;

/**
 * The shares of the configuration, which may be replaced while the server runs: all of them at
 * once. What began with the old ones goes on with them. Safe for use by several threads.
 */
public final class ConfiguredShares {
  private volatile Shares current;

  public ConfiguredShares(List<SharedShare> shares) {
    replace(shares);
  }

  /** What is shared now; it stays as it is. */
  public Shares now() {
    return current;
  }

  /** A share by its name, without regard to case. */
  public Optional<SharedShare> find(String name) {
    return current.find(name);
  }

  /** Shares these from now on, and nothing else. */
  public void replace(List<SharedShare> shares) {
    current = new Shares(List.copyOf(shares));
  }
}
