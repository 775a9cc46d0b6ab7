/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.share;

import java.util.List;

/**
 * A schema of a share. Immutable.
 *
 * @param name the schema's name
 * @param tables its tables, in the order of the configuration
 */
public record SharedSchema(String name, List<SharedTable> tables) {
  /** Copies the list. */
  public SharedSchema {
    tables = List.copyOf(tables);
  }
}
