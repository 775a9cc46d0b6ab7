/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.share;

import java.util.List;

/**
 * A share: what recipients are given. Immutable.
 *
 * @param name the share's name
 * @param details what else listings say of it
 * @param schemas its schemas, in the order of the configuration
 */
public record SharedShare(String name, ShareDetails details, List<SharedSchema> schemas) {
  /** A share with a name and no other details. */
  public SharedShare(String name, List<SharedSchema> schemas) {
    this(name, ShareDetails.NONE, schemas);
  }

  /** Copies the list. */
  public SharedShare {
    schemas = List.copyOf(schemas);
  }
}
