package io.github.deltasharing.protocol;

/**
 * Receives the lines of an answer in their order. What a receiver has no use for it need not
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
