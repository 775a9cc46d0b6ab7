/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.listing;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkEnv;

/** What the scans of a driver share. Thread-safe. */
final class DriverResources {
  private static final AtomicInteger THREADS = new AtomicInteger();

  private static final Executor REFRESHES =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          10,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          DriverResources::thread);

  private static UrlRefreshEndpoint endpoint;

  private DriverResources() {}

  /**
   * Threads that refresh listings: one for each scan that is being refreshed, so that a slow server
   * delays only its own readers. They end when idle.
   */
  static Executor refreshes() {
    return REFRESHES;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "delta-sharing-urls-" + THREADS.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }

  /** The running SparkContext's endpoint, which is set up when it is first needed. */
  static synchronized UrlRefreshEndpoint endpoint(SparkEnv env) {
    if (endpoint == null || endpoint.rpcEnv() != env.rpcEnv()) {
      endpoint = new UrlRefreshEndpoint(env.rpcEnv());
      env.rpcEnv().setupEndpoint(endpoint.name(), endpoint);
    }
    return endpoint;
  }
}
