package io.github.deltasharing.server;

import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what a request failed with into the protocol's error body. Clients see the text of a {@link
 * ServerError} and nothing of any other failure but the request's id. Stateless.
 */
final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  /** Runs the work of a request, which completes the callback unless it fails. */
  static void guard(Request request, Response response, Callback callback, Work work) {
    try {
      work.run();
    } catch (ServerError e) {
      answer(request, response, callback, e);
    } catch (Exception e) {
      if (e instanceof HttpException http && http.getCode() < 500) {
        answer(request, response, callback, ServerError.malformed("The request is malformed"));
        return;
      }
      String id = Exchange.of(request).requestId();
      LOG.error("Request {} failed", id, e);
      String message =
          "The server failed to answer. Ask the provider to look for request " + id + " in its log";
      answer(
          request,
          response,
          callback,
          new ServerError(500, ServerError.INTERNAL_ERROR, message, e));
    }
  }

  private static void answer(
      Request request, Response response, Callback callback, ServerError error) {
    if (response.isCommitted()) {
      callback.failed(error);
    } else {
      JsonAnswers.error(request, response, error, callback);
    }
  }

  /** What is done for a request. */
  interface Work {
    void run() throws Exception;
  }
}
