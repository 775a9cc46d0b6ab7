package io.github.deltasharing.protocol.codec;

/**
 * An answer that is not what the protocol says. The message is a reason, to be put behind what
 * failed.
 */
public final class MalformedResponseException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean brokenOff;

  MalformedResponseException(String reason, boolean brokenOff) {
    super(reason);
    this.brokenOff = brokenOff;
  }

  /** Whether the answer ended too early, which may pass when asked again. */
  public boolean brokenOff() {
    return brokenOff;
  }
}
