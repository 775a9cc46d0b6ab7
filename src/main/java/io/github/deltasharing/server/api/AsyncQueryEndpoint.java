/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.api;

import io.github.deltasharing.protocol.Capabilities;
import io.github.deltasharing.protocol.QueryStatus;
import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.protocol.SharingHeaders;
import io.github.deltasharing.server.api.AsyncQueries.AsyncQuery;
import io.github.deltasharing.server.auth.Principal;
import io.github.deltasharing.server.config.ServerSettings;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.http.RequestContext;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.source.TableSnapshot;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Serves queries at once, or with an id to poll with when that takes longer and the client said
 * that it can poll (PROTOCOL.md, "asyncQuery"). Safe for use by several threads.
 */
final class AsyncQueryEndpoint {
  private final QueryEndpoint endpoint;
  private final AsyncQueries queries;
  private final ServerSettings settings;

  AsyncQueryEndpoint(QueryEndpoint endpoint, AsyncQueries queries, ServerSettings settings) {
    this.endpoint = endpoint;
    this.queries = queries;
    this.settings = settings;
  }

  void query(
      SharedTable table, Request request, QueryBody query, Response response, Callback callback)
      throws IOException {
    Principal principal = RequestContext.of(request).principal();
    Optional<AsyncQuery> submitted =
        mayPoll(request, query)
            ? queries.submit(
                principal, table, query, () -> endpoint.snapshot(principal, table, query))
            : Optional.empty();
    if (submitted.isEmpty()) {
      endpoint.query(table, request, query, response, callback);
    } else if (isReady(submitted.get(), settings.asyncQueryAfterMs())) {
      queries.forget(submitted.get());
      TableSnapshot snapshot = snapshot(submitted.get());
      endpoint.respond(table, snapshot, request, query, response, callback);
    } else {
      pending(submitted.get(), response, callback);
    }
  }

  void poll(
      SharedTable table,
      Request request,
      String queryId,
      byte[] body,
      Response response,
      Callback callback)
      throws IOException {
    AsyncQuery query = queries.find(RequestContext.of(request).principal(), table, queryId);
    if (!query.version().isDone()) {
      pending(query, response, callback);
      return;
    }
    if (query.version().isCompletedExceptionally()) {
      // Reported once: what failed may work in a new query.
      queries.forget(query);
    }
    QueryBody page = query.request().page(body);
    if (page.pageToken().isPresent()) {
      endpoint.query(table, request, page, response, callback);
    } else {
      endpoint.respond(table, snapshot(query), request, page, response, callback);
    }
  }

  /** Later pages of a response that was given at once are given at once. */
  private boolean mayPoll(Request request, QueryBody query) {
    if (!TableEndpoints.capabilities(request).asyncQuery() || query.pageToken().isPresent()) {
      return false;
    }
    if (query.idempotencyKey().isEmpty()) {
      throw ServerError.invalid(
          "An asynchronous query needs an idempotencyKey, so that it is not started twice: send"
              + " one, or leave out asyncquery=true");
    }
    return settings.asyncQueryAfterMs() >= 0;
  }

  /** With no wait every client that can poll has to. */
  private static boolean isReady(AsyncQuery query, long waitMillis) {
    if (waitMillis == 0) {
      return false;
    }
    try {
      query.version().get(waitMillis, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static TableSnapshot snapshot(AsyncQuery query) {
    try {
      return query.version().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException failure ? failure : e;
    }
  }

  private static void pending(AsyncQuery query, Response response, Callback callback)
      throws IOException {
    response.getHeaders().put(SharingHeaders.CAPABILITIES, Capabilities.toPendingHeader());
    // Clients look for a version in each response, and take that of the last one.
    response
        .getHeaders()
        .put(SharingHeaders.TABLE_VERSION, "" + query.request().version().orElse(0));
    // A status looks the same in both formats.
    NdjsonResponse ndjson = new NdjsonResponse(response, ResponseFormat.PARQUET);
    ndjson.lines().queryStatus(QueryStatus.pending(query.id()));
    ndjson.finish();
    callback.succeeded();
  }
}
