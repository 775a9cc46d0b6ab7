/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source;

/**
 * A store that does not let a table be read: it cannot be reached, or refuses what it is asked. The
 * table itself may be in order, so that nothing is concluded from it about its log. The message is
 * whole and without secrets. Immutable.
 */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean temporary;

  private StoreException(String message, boolean temporary, Throwable cause) {
    super(message, cause);
    this.temporary = temporary;
  }

  /** It cannot be reached or has too much to do: another try may help. */
  public static StoreException unavailable(String message, Throwable cause) {
    return new StoreException(message, true, cause);
  }

  /** It refuses, as it will again until somebody changes something. */
  public static StoreException refused(String message, Throwable cause) {
    return new StoreException(message, false, cause);
  }

  /** Whether another try may help. */
  public boolean isTemporary() {
    return temporary;
  }
}
