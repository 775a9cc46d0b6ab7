package io.github.deltasharing.read;

import io.github.deltasharing.error.FileErrors;
import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.storage.DriverClock;
import io.github.deltasharing.storage.RenewedUrls;
import io.github.deltasharing.storage.SharedFile;
import io.github.deltasharing.storage.UrlRefresher;
import java.io.Serializable;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkEnv;
import org.apache.spark.rpc.RpcTimeout;
import org.apache.spark.util.RpcUtils;
import scala.concurrent.duration.FiniteDuration;
import scala.reflect.ClassTag;

/**
 * Asks the driver for URLs, over Spark's own RPC: the credential stays there. A class, not a
 * record, for Kryo. Immutable; travels to executors; thread-safe.
 */
public final class DriverUrls implements UrlRefresher, Serializable {
  private static final long serialVersionUID = 1L;

  private final String endpoint;
  private final String scan;
  private final long timeoutMillis;

  /**
   * @param endpoint the driver's RPC endpoint
   * @param scan the driver's name of the scan
   * @param http says how long the driver may take with the server: its retries and the last try
   */
  public DriverUrls(String endpoint, String scan, HttpSettings http) {
    this.endpoint = endpoint;
    this.scan = scan;
    this.timeoutMillis = http.maxRetryDuration().plus(http.timeout()).toMillis();
  }

  @Override
  public String scan() {
    return scan;
  }

  @Override
  public RenewedUrls newer(SharedFile file, long generation) {
    return ifDue(file, generation, UrlRefresher.REFUSED);
  }

  @Override
  public RenewedUrls ifDue(SharedFile file, long generation, long renewAt) {
    UrlAsk ask = new UrlAsk(scan, file.key(), generation, renewAt);
    UrlReply reply = UrlReply.of(ask(ask.toBytes(), file.table()));
    DriverClock.shared().told(reply.now());
    return reply.urls();
  }

  /**
   * Lets the driver see to it that the scan's table is still the one that was planned.
   *
   * @param execution stands for the run: the driver asks the server once for each
   * @throws io.github.deltasharing.error.SharingException if it is not
   */
  void confirm(long execution, String table) {
    UrlReply.of(ask(new UrlAsk(scan, null, execution, UrlRefresher.REFUSED).toBytes(), table))
        .urls();
  }

  // Scala's methods throw checked exceptions without saying so.
  private byte[] ask(byte[] message, String table) {
    SparkEnv env = SparkEnv.get();
    try {
      RpcTimeout timeout =
          new RpcTimeout(
              new FiniteDuration(timeoutMillis, TimeUnit.MILLISECONDS), "option 'timeout'");
      return RpcUtils.makeDriverRef(endpoint, env.conf(), env.rpcEnv())
          .askSync(message, timeout, ClassTag.apply(byte[].class));
    } catch (Exception e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
        throw SharingErrors.interrupted("asking the driver for a URL of " + table);
      }
      String reason =
          e instanceof TimeoutException
              ? "the driver did not answer within "
                  + Duration.ofMillis(timeoutMillis).toSeconds()
                  + " s"
              : "the driver cannot be asked";
      throw FileErrors.urlsNotRenewed(table, reason, e);
    }
  }

  @Override
  public String toString() {
    return "DriverUrls[scan " + scan + "]";
  }
}
