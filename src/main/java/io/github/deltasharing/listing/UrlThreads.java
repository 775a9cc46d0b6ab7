package io.github.deltasharing.listing;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The driver's threads that ask servers for URLs: one for each snapshot that is being asked for, so
 * that a slow server holds up nobody but its own readers. They end when idle.
 */
final class UrlThreads {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final Executor SHARED =
      new ThreadPoolExecutor(
          0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), UrlThreads::thread);

  private UrlThreads() {}

  static Executor shared() {
    return SHARED;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "delta-sharing-urls-" + COUNT.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }
}
