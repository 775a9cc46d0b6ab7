/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.api;

import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.http.AccessRecord;
import io.github.deltasharing.server.http.QuietFailure;
import io.github.deltasharing.server.http.Readiness;
import io.github.deltasharing.server.http.RecordedResponse;
import io.github.deltasharing.server.http.RequestContext;
import io.github.deltasharing.server.http.RequestFailures;
import io.github.deltasharing.server.http.RunningRequests;
import io.github.deltasharing.server.storage.FilesHandler;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.eclipse.jetty.compression.gzip.GzipCompression;
import org.eclipse.jetty.compression.server.CompressionConfig;
import org.eclipse.jetty.compression.server.CompressionHandler;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Where every request comes in: gives it an id and a place in the access log, and sends it to the
 * files (as they are), to the REST endpoints (compressed when the client likes), or to the health
 * endpoint. Safe for use by several threads.
 */
public final class RootHandler extends Handler.Wrapper {
  private final Stopping stopping;
  private final HealthHandler health;
  private final RunningRequests running;
  private final Function<Request, String> addresses;
  private final Consumer<AccessRecord> observer;

  /**
   * Creates the handler.
   *
   * @param addresses where the client of a request is
   * @param observer gets the record of each request
   */
  public RootHandler(
      String filesPath,
      FilesHandler files,
      Handler api,
      RunningRequests running,
      int mostRunning,
      Readiness readiness,
      Function<Request, String> addresses,
      Consumer<AccessRecord> observer) {
    stopping = new Stopping(new Dispatcher(filesPath, files, api, running, mostRunning));
    setHandler(stopping);
    this.health = new HealthHandler(readiness);
    this.running = running;
    this.addresses = addresses;
    this.observer = observer;
  }

  /**
   * Refuses requests that come from now on; those that run go on.
   *
   * @return is done when none is left
   */
  public CompletableFuture<Void> refuseNewRequests() {
    return stopping.shutdown();
  }

  private static Handler compressed(Handler api) {
    CompressionHandler compression = new CompressionHandler(api);
    compression.putCompression(new GzipCompression());
    compression.putConfiguration(
        "/*",
        CompressionConfig.builder()
            .compressIncludeMethod("GET")
            .compressIncludeMethod("POST")
            .compressIncludeMimeType("application/json")
            .compressIncludeMimeType("application/x-ndjson")
            .compressIncludeMimeType("text/html")
            .compressIncludeMimeType("text/css")
            .compressIncludeMimeType("text/javascript")
            .decompressExcludePath("/*")
            .build());
    return compression;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    RequestContext context = RequestContext.start(request);
    context.address(addresses.apply(request));
    response.getHeaders().put(RequestContext.REQUEST_ID, context.requestId());
    RecordedResponse recorded = new RecordedResponse(request, response, context, observer);
    running.begin(context);
    Request.addCompletionListener(request, failure -> over(context, recorded, failure));
    Callback quiet = quiet(callback, context);
    String path = request.getHttpURI().getPath();
    RequestFailures.guard(
        request,
        recorded,
        quiet,
        () -> {
          // Before anything that refuses requests because there are too many, or the server stops.
          if (path != null && HealthHandler.serves(path)) {
            health.handle(request, recorded, quiet);
          } else {
            super.handle(request, recorded, quiet);
          }
        });
    return true;
  }

  /** Failures are logged here, without the request's URL, and not by Jetty. */
  private static Callback quiet(Callback callback, RequestContext context) {
    return new Callback.Nested(callback) {
      @Override
      public void failed(Throwable failure) {
        RequestFailures.log(context, failure);
        super.failed(new QuietFailure(failure));
      }
    };
  }

  private void over(RequestContext context, RecordedResponse recorded, Throwable failure) {
    recorded.record(failure);
    context.over();
    running.end(context);
  }

  /** Jetty's graceful stop, with our error for those who come too late. */
  private static final class Stopping extends GracefulHandler {
    Stopping(Handler handler) {
      super(handler);
    }

    @Override
    protected void handleShutdownRejection(Request request, Response response, Callback callback) {
      response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
      RequestFailures.fail(
          request, response, callback, ServerError.busy("The server is stopping. Try again"));
    }
  }

  /** Sends requests where they belong by their paths. */
  private static final class Dispatcher extends Handler.Wrapper {
    private final String filesPath;
    private final FilesHandler files;
    private final RunningRequests running;
    private final int mostRunning;

    Dispatcher(
        String filesPath,
        FilesHandler files,
        Handler api,
        RunningRequests running,
        int mostRunning) {
      super(compressed(api));
      this.filesPath = filesPath;
      this.files = files;
      this.running = running;
      this.mostRunning = mostRunning;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      RequestFailures.guard(
          request, response, callback, () -> dispatch(request, response, callback));
      return true;
    }

    private void dispatch(Request request, Response response, Callback callback) throws Exception {
      String path = request.getHttpURI().getPath();
      if (running.count() > mostRunning) {
        throw ServerError.busy("The server has too many requests at once. Try again");
      }
      if (path != null && path.startsWith(filesPath + "/")) {
        files.handle(request, response, callback, path.substring(filesPath.length() + 1));
      } else if (!super.handle(request, response, callback)) {
        throw new IllegalStateException("No handler took the request");
      }
    }
  }
}
