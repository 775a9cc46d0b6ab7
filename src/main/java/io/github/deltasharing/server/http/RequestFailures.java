/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.http;

import io.github.deltasharing.server.error.ClientGoneException;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.source.SourceException;
import io.github.deltasharing.source.StoreException;
import java.nio.channels.ClosedChannelException;
import java.util.Optional;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what a request failed with into the protocol's error body. Clients see the text of a {@link
 * ServerError} and nothing of any other failure but the request's id. Stateless.
 */
public final class RequestFailures {
  private static final Logger LOG = LoggerFactory.getLogger(RequestFailures.class);

  private RequestFailures() {}

  /** Runs the work of a request, which completes the callback unless it fails. */
  public static void guard(Request request, Response response, Callback callback, Work work) {
    try {
      work.run();
    } catch (Throwable e) {
      fail(request, response, callback, e);
    }
  }

  /** Ends a request that failed: with an error's response while its status has not gone out. */
  public static void fail(
      Request request, Response response, Callback callback, Throwable failure) {
    Optional<ServerError> refusal = refusal(failure);
    if (refusal.isPresent()) {
      respond(request, response, callback, refusal.get());
    } else if (RequestContext.of(request).isCut() || isClientGone(failure)) {
      RequestContext.of(request).cut(CutReason.CLIENT);
      callback.failed(failure);
    } else if (failure instanceof HttpException http && http.getCode() < 500) {
      respond(request, response, callback, ServerError.malformed("The request is malformed"));
    } else {
      String id = RequestContext.of(request).requestId();
      LOG.error("Request {} failed", id, failure);
      respond(request, response, callback, internal(id, failure));
    }
  }

  /** Logs what ended a request after all, unless that was done or is no failure of the server. */
  public static void log(RequestContext context, Throwable failure) {
    if (context.isCut() || refusal(failure).isPresent() || isClientGone(failure)) {
      LOG.debug("Request {} was ended", context.requestId(), failure);
    } else {
      LOG.error("Request {} failed", context.requestId(), failure);
    }
  }

  /** The refusal that a failure is, if it is one: of the server, a table's source or its store. */
  public static Optional<ServerError> refusal(Throwable failure) {
    if (failure instanceof SourceException source) {
      return Optional.of(ServerError.of(source));
    }
    if (failure instanceof StoreException store) {
      return Optional.of(ServerError.of(store));
    }
    return failure instanceof ServerError error ? Optional.of(error) : Optional.empty();
  }

  private static ServerError internal(String id, Throwable failure) {
    if (failure instanceof OutOfMemoryError) {
      return ServerError.busy("The server has not enough memory for this request. Try again");
    }
    String message =
        "The server failed to handle the request. Ask the provider to look for request "
            + id
            + " in its log";
    return new ServerError(500, ServerError.INTERNAL_ERROR, message, failure);
  }

  /** Whether the failure says no more than that the connection to the client ended. */
  public static boolean isClientGone(Throwable failure) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      if (e instanceof ClientGoneException
          || e instanceof EofException
          || e instanceof ClosedChannelException) {
        return true;
      }
    }
    return false;
  }

  private static void respond(
      Request request, Response response, Callback callback, ServerError error) {
    if (response.isCommitted()) {
      callback.failed(error);
    } else {
      // A body that is not read ends the connection, which the client is to know: it would send its
      // next request on it.
      if (!request.consumeAvailable()) {
        response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
      }
      JsonResponses.error(request, response, error, callback);
    }
  }

  /** What is done for a request. */
  public interface Work {
    void run() throws Exception;
  }
}
