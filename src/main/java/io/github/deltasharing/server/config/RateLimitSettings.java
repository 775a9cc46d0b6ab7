/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.config;

/**
 * The section {@code rateLimit}: how many requests a recipient may send, and how often it may fail
 * to sign in. Immutable; made by {@link ShareConfigBuilder}.
 */
public record RateLimitSettings(
    @Setting(
            defaultValue = "0",
            min = 0,
            doc =
                "requests a second that one recipient may send in the long run, of files none; 0: any number")
        int requestsPerSecond,
    @Setting(
            defaultValue = "0",
            min = 0,
            doc = "requests that it may send at once after a pause; 0: those of ten seconds")
        int burst,
    @Setting(
            defaultValue = "60",
            min = 0,
            doc =
                "requests a minute from one address that may fail to sign in, to the protocol, the admin API, the metrics and activation links; 0: any number")
        int failedSignInsPerMinute) {
  private static final int BURST_SECONDS = 10;

  /** The burst, once it is known. */
  public long effectiveBurst() {
    return burst > 0 ? burst : (long) requestsPerSecond * BURST_SECONDS;
  }
}
