package io.github.deltasharing.server;

import java.util.List;

/**
 * A share: what recipients are given. Immutable.
 *
 * @param name the share's name
 * @param schemas its schemas, in the order of the configuration
 */
public record Share(String name, List<SharedSchema> schemas) {
  /** Copies the list. */
  public Share {
    schemas = List.copyOf(schemas);
  }
}
