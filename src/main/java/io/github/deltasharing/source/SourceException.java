/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source;

/**
 * What a table is refused with: it is not there, cannot do what is wanted, or cannot be read. The
 * message is for whoever reads the table: it names the table by the name it is read by, never by
 * its location, and holds no secret. Immutable.
 */
public final class SourceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Of what kind a refusal is. Another try does not cure any of them. */
  public enum Kind {
    /** There is no such table. */
    NOT_FOUND,
    /** The request wants something that the table does not have, such as a version. */
    INVALID,
    /** The table is damaged, or uses what cannot be honoured. */
    UNSUPPORTED
  }

  private final Kind kind;

  private SourceException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public static SourceException notFound(String message, Throwable cause) {
    return new SourceException(Kind.NOT_FOUND, message, cause);
  }

  public static SourceException invalid(String message) {
    return new SourceException(Kind.INVALID, message, null);
  }

  public static SourceException unsupported(String message) {
    return unsupported(message, null);
  }

  public static SourceException unsupported(String message, Throwable cause) {
    return new SourceException(Kind.UNSUPPORTED, message, cause);
  }

  public Kind kind() {
    return kind;
  }
}
