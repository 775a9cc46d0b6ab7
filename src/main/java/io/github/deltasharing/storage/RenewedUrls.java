package io.github.deltasharing.storage;

/**
 * The URLs that the sharing server gave for one file in one of its answers: a secret. Immutable.
 *
 * @param file where the data is
 * @param deletions where its deletion vector is, or null where it has none in a file
 * @param renewAt when to ask for others, epoch milliseconds; {@link SharedFile#NEVER} for not
 * @param generation which of the scan's answers they are from; the planned one is 0
 * @param fresh whether the server was asked for the sake of whoever gets this: if such a URL is
 *     refused, no other will do better
 */
public record RenewedUrls(
    SignedUrl file, SignedUrl deletions, long renewAt, long generation, boolean fresh) {
  /** The same for somebody else than whom the server was asked for. */
  public RenewedUrls reused() {
    return fresh ? new RenewedUrls(file, deletions, renewAt, generation, false) : this;
  }

  boolean isDue(long now) {
    return now >= renewAt;
  }

  /** Without the URLs. */
  @Override
  public String toString() {
    return "RenewedUrls[generation=" + generation + "]";
  }
}
