package io.github.deltasharing.server.auth;

/**
 * Who sends a request. What the server hands out to one, tokens and URLs, is of no use to another.
 * Immutable.
 *
 * @param id the same for the same principal on every server and after each restart, without blanks;
 *     no secret, since logs and signed URLs hold it
 */
public record Principal(String id) {
  /** Everybody, where the server asks for no credential. */
  public static final Principal ANONYMOUS = new Principal("anonymous");
}
