/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.listing;

import io.github.deltasharing.error.FileErrors;
import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.read.TableCheck;
import io.github.deltasharing.storage.SharedFile;
import io.github.deltasharing.storage.url.DriverClock;
import io.github.deltasharing.storage.url.RefreshedUrls;
import io.github.deltasharing.storage.url.UrlRefresher;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkEnv;
import org.apache.spark.rpc.RpcTimeout;
import org.apache.spark.util.RpcUtils;
import scala.concurrent.duration.FiniteDuration;
import scala.reflect.ClassTag;

/**
 * Has the driver refresh URLs and confirm tables, over Spark's own RPC: the credential stays there.
 * A class, not a record, for Kryo. Immutable; travels to executors; thread-safe.
 */
public final class RpcUrlRefresher implements UrlRefresher, TableCheck {
  private static final long serialVersionUID = 1L;

  private final String endpoint;
  private final String scan;
  private final long timeoutMillis;

  @SuppressWarnings("unused") // Keeps the scan known to the driver while a plan may be run.
  private final transient ScanUrls urls;

  /**
   * @param endpoint the driver's RPC endpoint
   * @param http says how long the driver may take with the server: its retries and the last try
   */
  RpcUrlRefresher(String endpoint, ScanUrls urls, HttpSettings http) {
    this.endpoint = endpoint;
    this.scan = urls.id();
    this.urls = urls;
    this.timeoutMillis = http.maxRetryDuration().plus(http.timeout()).toMillis();
  }

  @Override
  public String scan() {
    return scan;
  }

  @Override
  public RefreshedUrls refresh(SharedFile file, long generation, long refreshAt) {
    UrlRefreshResponse response =
        send(new UrlRefreshRequest(scan, file.key(), generation, refreshAt), file.table());
    DriverClock.shared().set(response.now());
    return response.urls();
  }

  @Override
  public void confirm(long execution, String table) {
    // Fails where the driver did.
    send(new UrlRefreshRequest(scan, null, execution, UrlRefresher.REFUSED), table).urls();
  }

  // Scala's methods throw checked exceptions without saying so.
  private UrlRefreshResponse send(UrlRefreshRequest request, String table) {
    SparkEnv env = SparkEnv.get();
    try {
      RpcTimeout timeout =
          new RpcTimeout(
              new FiniteDuration(timeoutMillis, TimeUnit.MILLISECONDS), "option 'timeout'");
      byte[] response =
          RpcUtils.makeDriverRef(endpoint, env.conf(), env.rpcEnv())
              .askSync(request.toBytes(), timeout, ClassTag.apply(byte[].class));
      return UrlRefreshResponse.of(response);
    } catch (Exception e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
        throw SharingErrors.interrupted("refreshing a URL of " + table);
      }
      String reason =
          e instanceof TimeoutException
              ? "the driver did not respond within "
                  + Duration.ofMillis(timeoutMillis).toSeconds()
                  + " s"
              : "the driver cannot be reached";
      throw FileErrors.urlsNotRefreshed(table, reason, e);
    }
  }

  @Override
  public String toString() {
    return "RpcUrlRefresher[scan " + scan + "]";
  }
}
