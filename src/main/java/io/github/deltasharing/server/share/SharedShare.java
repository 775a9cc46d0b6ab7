package io.github.deltasharing.server.share;

import java.util.List;

/**
 * A share: what recipients are given. Immutable.
 *
 * @param name the share's name
 * @param details what else recipients are told of it
 * @param schemas its schemas, in the order of the configuration
 */
public record SharedShare(String name, ShareDetails details, List<SharedSchema> schemas) {
  /** A share that has a name and nothing else to tell. */
  public SharedShare(String name, List<SharedSchema> schemas) {
    this(name, ShareDetails.NONE, schemas);
  }

  /** Copies the list. */
  public SharedShare {
    schemas = List.copyOf(schemas);
  }
}
