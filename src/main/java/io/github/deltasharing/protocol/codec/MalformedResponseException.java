/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol.codec;

/**
 * A response that is not what the protocol says. The message is a reason, to be put behind what
 * failed.
 */
public final class MalformedResponseException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean brokenOff;

  MalformedResponseException(String reason, boolean brokenOff) {
    super(reason);
    this.brokenOff = brokenOff;
  }

  /** Whether the response ended too early, in which case a retry may succeed. */
  public boolean brokenOff() {
    return brokenOff;
  }
}
