package io.github.deltasharing.server.http;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes of long request bodies that the server holds, and the bodies that each client is
 * sending, with limits for both. Safe for use by several threads.
 */
public final class BodyMemory {
  private final long limit;
  private final int perClient;
  private final AtomicLong held = new AtomicLong();
  private final ConcurrentMap<String, Integer> coming = new ConcurrentHashMap<>();

  public BodyMemory(long limit, int perClient) {
    this.limit = limit;
    this.perClient = perClient;
  }

  /** Whether the client may send one more body at once; it does until {@link #ended}. */
  boolean begin(String client) {
    if (coming.merge(client, 1, Integer::sum) <= perClient) {
      return true;
    }
    ended(client);
    return false;
  }

  void ended(String client) {
    coming.computeIfPresent(client, (name, count) -> count == 1 ? null : count - 1);
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
