package io.github.deltasharing.storage;

import java.util.concurrent.atomic.LongAdder;

/** What one task asked of the store. Thread-safe. */
public final class IoStats {
  private final LongAdder requests = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder retries = new LongAdder();

  void request() {
    requests.increment();
  }

  void bytes(long n) {
    bytes.add(n);
  }

  void retry() {
    retries.increment();
  }

  /** Requests sent, retries among them. */
  public long requests() {
    return requests.sum();
  }

  /** Body bytes received. */
  public long bytesFetched() {
    return bytes.sum();
  }

  /** Requests sent again after a failure. */
  public long retries() {
    return retries.sum();
  }
}
