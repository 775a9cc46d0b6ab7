package io.github.deltasharing.server;

import java.util.function.Consumer;
import org.eclipse.jetty.compression.gzip.GzipCompression;
import org.eclipse.jetty.compression.server.CompressionConfig;
import org.eclipse.jetty.compression.server.CompressionHandler;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Where every request comes in: gives it an id and a place in the access log, and sends it to the
 * files (as they are) or to the REST endpoints (compressed when the client likes). Safe for use by
 * several threads.
 */
final class RootHandler extends Handler.Wrapper {
  private final String filesPath;
  private final FilesHandler files;
  private final Consumer<AccessRecord> observer;

  RootHandler(
      String filesPath, FilesHandler files, ApiHandler api, Consumer<AccessRecord> observer) {
    super(compressed(api));
    this.filesPath = filesPath;
    this.files = files;
    this.observer = observer;
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
    Request.addCompletionListener(request, failure -> recorded.record());
    String path = request.getHttpURI().getPath();
    if (path.startsWith(filesPath + "/")) {
      String below = path.substring(filesPath.length() + 1);
      Failures.guard(
          request, recorded, callback, () -> files.handle(request, recorded, callback, below));
      return true;
    }
    return super.handle(request, recorded, callback);
  }
}
