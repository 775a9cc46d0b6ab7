package io.github.deltasharing.server;

import java.util.concurrent.atomic.AtomicLong;

/** The bytes of request bodies that the server holds, and their limit. Safe for several threads. */
final class BodyMemory {
  private final long limit;
  private final AtomicLong held = new AtomicLong();

  BodyMemory(long limit) {
    this.limit = limit;
  }

  /** Whether the bytes fit; they are held then, until they are {@linkplain #give given back}. */
  boolean take(long bytes) {
    if (held.addAndGet(bytes) <= limit) {
      return true;
    }
    held.addAndGet(-bytes);
    return false;
  }

  void give(long bytes) {
    held.addAndGet(-bytes);
  }
}
