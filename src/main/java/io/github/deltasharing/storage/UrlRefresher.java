package io.github.deltasharing.storage;

/**
 * Where an executor, which has no credential, gets other URLs from when its own grow old. Used by
 * several threads at once.
 */
public interface UrlRefresher {
  /** In place of when a URL is due: a store refused it. */
  long REFUSED = Long.MIN_VALUE;

  /** Names the scan in this JVM: the same file has URLs of its own in another scan. */
  String scan();

  /**
   * Newer URLs than those of a generation.
   *
   * @param file a data file of the scan
   * @param generation the newest that the caller knows
   * @throws io.github.deltasharing.error.SharingException if there are none
   */
  RenewedUrls newer(SharedFile file, long generation);

  /**
   * The same for URLs that no store refused, but that are due by this machine's clock.
   *
   * @param renewAt when they are due, by the driver's clock
   * @return null where they are not, by that
   * @throws io.github.deltasharing.error.SharingException if there are none
   */
  default RenewedUrls ifDue(SharedFile file, long generation, long renewAt) {
    return newer(file, generation);
  }
}
