package io.github.deltasharing.server.api;

import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.http.AccessRecord;
import io.github.deltasharing.server.http.Exchange;
import io.github.deltasharing.server.http.Failures;
import io.github.deltasharing.server.http.QuietFailure;
import io.github.deltasharing.server.http.RecordedResponse;
import io.github.deltasharing.server.http.RunningRequests;
import io.github.deltasharing.server.storage.FilesHandler;
import java.util.function.Consumer;
import org.eclipse.jetty.compression.gzip.GzipCompression;
import org.eclipse.jetty.compression.server.CompressionConfig;
import org.eclipse.jetty.compression.server.CompressionHandler;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Where every request comes in: gives it an id and a place in the access log, and sends it to the
 * files (as they are) or to the REST endpoints (compressed when the client likes). Safe for use by
 * several threads.
 */
public final class RootHandler extends Handler.Wrapper {
  private final String filesPath;
  private final FilesHandler files;
  private final RunningRequests running;
  private final int mostRunning;
  private final Consumer<AccessRecord> observer;
  private volatile boolean stopping;

  public RootHandler(
      String filesPath,
      FilesHandler files,
      ApiHandler api,
      RunningRequests running,
      int mostRunning,
      Consumer<AccessRecord> observer) {
    super(compressed(api));
    this.filesPath = filesPath;
    this.files = files;
    this.running = running;
    this.mostRunning = mostRunning;
    this.observer = observer;
  }

  /** Requests that come from now on are refused; those that run go on. */
  public void refuseNewRequests() {
    stopping = true;
  }

  private static Handler compressed(ApiHandler api) {
    CompressionHandler compression = new CompressionHandler(api);
    compression.putCompression(new GzipCompression());
    compression.putConfiguration(
        "/*",
        CompressionConfig.builder()
            .compressIncludeMethod("GET")
            .compressIncludeMethod("POST")
            .compressIncludeMimeType("application/json")
            .compressIncludeMimeType("application/x-ndjson")
            .decompressExcludePath("/*")
            .build());
    return compression;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    Exchange exchange = Exchange.start(request);
    response.getHeaders().put(Exchange.REQUEST_ID, exchange.requestId());
    RecordedResponse recorded = new RecordedResponse(request, response, exchange, observer);
    running.begin(exchange);
    Request.addCompletionListener(request, failure -> over(exchange, recorded, failure));
    Callback quiet = quiet(callback, exchange);
    Failures.guard(request, recorded, quiet, () -> dispatch(request, recorded, quiet, exchange));
    return true;
  }

  /** Failures are logged here, without the request's URL, and not by Jetty. */
  private static Callback quiet(Callback callback, Exchange exchange) {
    return new Callback.Nested(callback) {
      @Override
      public void failed(Throwable failure) {
        Failures.log(exchange, failure);
        super.failed(new QuietFailure(failure));
      }
    };
  }

  private void over(Exchange exchange, RecordedResponse recorded, Throwable failure) {
    recorded.record(failure);
    exchange.over();
    running.end(exchange);
  }

  private void dispatch(
      Request request, RecordedResponse recorded, Callback callback, Exchange exchange)
      throws Exception {
    if (stopping) {
      recorded.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
      throw ServerError.busy("The server is stopping. Try again");
    }
    if (running.count() > mostRunning) {
      throw ServerError.busy("The server has too many requests at once. Try again");
    }
    String path = request.getHttpURI().getPath();
    if (path != null && path.startsWith(filesPath + "/")) {
      files.handle(request, recorded, callback, path.substring(filesPath.length() + 1));
    } else if (!super.handle(request, recorded, callback)) {
      throw new IllegalStateException("Nobody handled the request");
    }
  }
}
