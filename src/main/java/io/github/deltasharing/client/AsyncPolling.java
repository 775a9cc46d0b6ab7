/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.http.RetryPolicy;
import io.github.deltasharing.options.SharingOptions;
import io.github.deltasharing.options.SharingReadConf;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * How to poll for the result of an asynchronous query. Driver only; immutable.
 *
 * @param enabled whether queries may be asynchronous
 * @param longestPause between two polls
 * @param timeout for one result
 */
record AsyncPolling(boolean enabled, Duration longestPause, Duration timeout) {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);

  static AsyncPolling of(SharingReadConf conf) {
    return new AsyncPolling(
        conf.get(SharingOptions.USE_ASYNC_QUERY),
        conf.get(SharingOptions.ASYNC_QUERY_RETRY_INTERVAL),
        conf.get(SharingOptions.ASYNC_QUERY_TIMEOUT));
  }

  /** Polls, with growing pauses, until there is a result. */
  <F> TableResponseReader<F> await(
      String what, String host, Supplier<TableResponseReader<F>> poll) {
    long start = System.nanoTime();
    Duration pause = FIRST_PAUSE;
    while (true) {
      pause = pause.compareTo(longestPause) > 0 ? longestPause : pause;
      if (System.nanoTime() - start + pause.toNanos() > timeout.toNanos()) {
        throw SharingErrors.asyncTimeout(what, host, timeout);
      }
      RetryPolicy.pause(what, pause.toMillis());
      TableResponseReader<F> response = poll.get();
      if (response.status() == null) {
        return response;
      }
      pause = pause.multipliedBy(2);
    }
  }
}
