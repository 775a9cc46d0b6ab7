package io.github.deltasharing.client;

import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.http.RetryPolicy;
import io.github.deltasharing.options.SharingOptions;
import io.github.deltasharing.options.SharingReadConf;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * How to wait for the answer to an asynchronous query. Immutable.
 *
 * @param enabled whether queries may be answered later
 * @param longestPause between two polls
 * @param timeout for one answer
 */
record AsyncPolling(boolean enabled, Duration longestPause, Duration timeout) {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);

  static AsyncPolling of(SharingReadConf conf) {
    return new AsyncPolling(
        conf.get(SharingOptions.USE_ASYNC_QUERY),
        conf.get(SharingOptions.ASYNC_QUERY_RETRY_INTERVAL),
        conf.get(SharingOptions.ASYNC_QUERY_TIMEOUT));
  }

  /** Polls, with longer and longer pauses, until there is an answer. */
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
      TableResponseReader<F> answer = poll.get();
      if (answer.status() == null) {
        return answer;
      }
      pause = pause.multipliedBy(2);
    }
  }
}
