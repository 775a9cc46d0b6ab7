/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.listing;

import io.github.deltasharing.error.FileErrors;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.storage.url.RefreshedUrls;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.apache.spark.SparkEnv;
import org.apache.spark.rpc.RpcCallContext;
import org.apache.spark.rpc.RpcEndpoint;
import org.apache.spark.rpc.RpcEnv;
import scala.Function1;
import scala.PartialFunction;
import scala.runtime.AbstractPartialFunction;
import scala.runtime.BoxedUnit;

/**
 * Where executors have this driver refresh URLs: one endpoint in each SparkContext, with the scans
 * whose URLs can be refreshed, by their ids. It refers to scans weakly: the reader factories of
 * plans and RDDs keep them. Responses come from the threads that list the files; Spark's dispatcher
 * never waits. Driver only; thread-safe.
 */
public final class UrlRefreshEndpoint implements RpcEndpoint {
  private final RpcEnv rpcEnv;
  private final Map<String, WeakReference<ScanUrls>> scans = new ConcurrentHashMap<>();

  /** Not the class's: two class loaders of one driver may both have the connector. */
  private final String name = "DeltaSharingUrls-" + UUID.randomUUID();

  UrlRefreshEndpoint(RpcEnv rpcEnv) {
    this.rpcEnv = rpcEnv;
  }

  /** The endpoint of the running SparkContext. */
  public static UrlRefreshEndpoint of(SparkEnv env) {
    return DriverResources.endpoint(env);
  }

  String name() {
    return name;
  }

  @Override
  public RpcEnv rpcEnv() {
    return rpcEnv;
  }

  /**
   * What executors refresh a scan's URLs with. The scan is known here for as long as the driver
   * keeps this object.
   *
   * @param http says how long the driver may take with the server
   */
  public RpcUrlRefresher refresher(ScanUrls urls, HttpSettings http) {
    register(urls);
    return new RpcUrlRefresher(name, urls, http);
  }

  void register(ScanUrls urls) {
    scans.values().removeIf(known -> known.get() == null);
    scans.putIfAbsent(urls.id(), new WeakReference<>(urls));
  }

  /** How many scans are known. */
  public int scans() {
    return scans.size();
  }

  @Override
  public PartialFunction<Object, BoxedUnit> receiveAndReply(RpcCallContext context) {
    return new AbstractPartialFunction<>() {
      @Override
      public boolean isDefinedAt(Object message) {
        return message instanceof byte[];
      }

      @Override
      public <A, B> B applyOrElse(A message, Function1<A, B> otherwise) {
        if (!isDefinedAt(message)) {
          return otherwise.apply(message);
        }
        UrlRefreshRequest request = UrlRefreshRequest.of((byte[]) message);
        Future<?> unused =
            respond(request).thenAccept(response -> context.reply(response.toBytes()));
        @SuppressWarnings("unchecked") // The function's result is Scala's Unit.
        B unit = (B) BoxedUnit.UNIT;
        return unit;
      }
    };
  }

  /** Does not block; always completes with a response. */
  CompletableFuture<UrlRefreshResponse> respond(UrlRefreshRequest request) {
    WeakReference<ScanUrls> known = scans.get(request.scan());
    ScanUrls urls = known == null ? null : known.get();
    if (urls == null) {
      String what = request.fileId() == null ? "a table" : "file " + request.fileId();
      String reason = "its query is not known to the driver any more";
      return CompletableFuture.completedFuture(
          UrlRefreshResponse.failed(
              FileErrors.urlsNotRefreshed(what, reason, null).getMessage(),
              System.currentTimeMillis()));
    }
    CompletableFuture<RefreshedUrls> found =
        request.fileId() == null
            ? urls.confirm(request.generation()).thenApply(confirmed -> null)
            : urls.refresh(request.fileId(), request.generation(), request.refreshAt());
    return found.handle(
        (refreshed, failure) ->
            failure == null
                ? UrlRefreshResponse.of(refreshed, urls.now())
                : UrlRefreshResponse.failed(message(urls, failure), urls.now()));
  }

  private static String message(ScanUrls urls, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof SharingException
        ? cause.getMessage()
        : FileErrors.urlsNotRefreshed(
                urls.toString(), "the driver failed (" + cause.getClass().getName() + ")", null)
            .getMessage();
  }
}
