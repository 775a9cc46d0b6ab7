/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.auth.Principal;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.http.JsonResponses;
import io.github.deltasharing.server.http.RequestContext;
import io.github.deltasharing.server.http.RequestFailures;
import io.github.deltasharing.server.http.RequestTurns;
import io.github.deltasharing.server.share.ShareViews;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.storage.PathSegments;
import java.io.IOException;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/** The protocol's REST endpoints behind the authenticator. Safe for use by several threads. */
public final class ApiHandler extends Handler.Abstract {
  private final String prefix;
  private final ShareViews shares;
  private final RequestTurns turns;
  private final Endpoints endpoints;

  /**
   * Creates the handler.
   *
   * @param prefix of every path, without a slash at its end
   */
  public ApiHandler(String prefix, ShareViews shares, RequestTurns turns, Endpoints endpoints) {
    this.prefix = prefix;
    this.shares = shares;
    this.turns = turns;
    this.endpoints = endpoints;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    RequestFailures.guard(
        request,
        response,
        callback,
        () -> turns.begin(request, response, callback, () -> serve(request, response, callback)));
    return true;
  }

  private void serve(Request request, Response response, Callback callback) throws IOException {
    RequestContext context = RequestContext.of(request);
    String path = request.getHttpURI().getPath();
    if (path == null || !path.startsWith(prefix + "/")) {
      throw ServerError.notFound("There is no such endpoint: paths start with " + prefix + "/");
    }
    List<String> segments = PathSegments.decodeAll(path.substring(prefix.length() + 1));
    ApiRoute route = ApiRoute.find(request.getMethod(), segments);
    context.endpoint(route.endpoint().logName());
    context.table(route.tableNames());
    if (!route.endpoint().method().equals(request.getMethod())) {
      response.getHeaders().put(HttpHeader.ALLOW, route.endpoint().method());
      throw new ServerError(
          405,
          ServerError.UNSUPPORTED_OPERATION,
          "This endpoint is served to " + route.endpoint().method() + " only");
    }
    Fields query = Request.extractQueryParameters(request);
    if (route.tableNames().size() == 3) {
      awaitTurn(route, request, query, response, callback);
    } else {
      Viewer viewer = new Viewer(context.principal(), shares.of(context.principal()));
      JsonResponses.write(response, 200, list(route, viewer, query), callback);
    }
  }

  private ObjectNode list(ApiRoute route, Viewer viewer, Fields query) {
    ListEndpoints lists = endpoints.lists();
    List<String> names = route.names();
    return switch (route.endpoint()) {
      case LIST_SHARES -> lists.shares(viewer, query);
      case GET_SHARE -> lists.share(viewer, names.get(0));
      case LIST_SCHEMAS -> lists.schemas(viewer, names.get(0), query);
      case LIST_ALL_TABLES -> lists.allTables(viewer, names.get(0), query);
      case LIST_TABLES -> lists.tables(viewer, names.get(0), names.get(1), query);
      default -> throw new IllegalStateException("Not a list: " + route);
    };
  }

  private void awaitTurn(
      ApiRoute route, Request request, Fields query, Response response, Callback callback) {
    List<String> names = route.names();
    RequestContext context = RequestContext.of(request);
    SharedTable table =
        shares.of(context.principal()).table(names.get(0), names.get(1), names.get(2));
    context.table(List.of(table.share(), table.schema(), table.name()));
    if (route.endpoint().givesUrls() && !table.access().offersUrls()) {
      throw ServerError.unsupported(
          "Cannot serve URLs of %s: it is offered with the access modes %s only"
              .formatted(table.fullName(), table.access().modes()));
    }
    long whole = route.endpoint().readsTable() ? endpoints.tables().readingBytes(table) : 0;
    long bytes =
        route.endpoint() == ApiRoute.Endpoint.QUERY
            ? endpoints.tables().latestQueryBytes(table)
            : whole;
    Turn turn = new Turn(route, table, request, query, response, callback);
    take(turn, bytes, whole);
  }

  /** What is served when it is its turn. */
  private record Turn(
      ApiRoute route,
      SharedTable table,
      Request request,
      Fields query,
      Response response,
      Callback callback) {}

  /**
   * Serves a request when it is its turn.
   *
   * @param bytes the memory that it takes, if it is a query of a version that is in memory
   * @param whole the memory that it takes else
   */
  private void take(Turn turn, long bytes, long whole) {
    Request request = turn.request();
    Response response = turn.response();
    Callback callback = turn.callback();
    turns.await(
        request,
        response,
        callback,
        bytes,
        () -> {
          if (bytes < whole && !takesOnly(bytes, turn)) {
            take(turn, whole, whole);
            return;
          }
          serveTable(turn.route(), turn.table(), request, turn.query(), response, callback);
        });
  }

  /** Whether it is a query of the latest version, and that is in memory still. */
  private boolean takesOnly(long bytes, Turn turn) {
    return QueryBody.parse(RequestContext.of(turn.request()).body()).isOfLatest()
        && endpoints.tables().latestQueryBytes(turn.table()) <= bytes;
  }

  private void serveTable(
      ApiRoute route,
      SharedTable table,
      Request request,
      Fields query,
      Response response,
      Callback callback)
      throws IOException {
    switch (route.endpoint()) {
      case VERSION, VERSION_BY_HEAD ->
          endpoints.tables().version(table, request, query, response, callback);
      case METADATA -> endpoints.tables().metadata(table, request, query, response, callback);
      case QUERY -> {
        QueryBody body = QueryBody.parse(RequestContext.of(request).body());
        if (body.startingVersion().isPresent()) {
          endpoints
              .changes()
              .respond(table, request, ChangesParameters.stream(body), response, callback);
        } else {
          endpoints.queries().query(table, request, body, response, callback);
        }
      }
      case POLL ->
          endpoints
              .queries()
              .poll(
                  table,
                  request,
                  route.names().get(3),
                  RequestContext.of(request).body(),
                  response,
                  callback);
      case GET_TABLE -> {
        Principal principal = RequestContext.of(request).principal();
        Viewer viewer = new Viewer(principal, shares.of(principal));
        JsonResponses.write(response, 200, endpoints.lists().table(viewer, table), callback);
      }
      case CHANGES ->
          endpoints
              .changes()
              .respond(table, request, ChangesParameters.feed(query), response, callback);
      case CREDENTIALS -> endpoints.credentials().respond(table, request, response, callback);
      default -> throw new IllegalStateException("Not a table's endpoint: " + route);
    }
  }
}
