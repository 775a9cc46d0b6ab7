/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.http.ClientPresence;
import io.github.deltasharing.server.http.JsonResponses;
import io.github.deltasharing.server.http.PathRouter;
import io.github.deltasharing.server.http.RequestContext;
import io.github.deltasharing.server.http.RequestTurns;
import io.github.deltasharing.server.share.ShareView;
import io.github.deltasharing.server.share.ShareViews;
import io.github.deltasharing.server.share.SharedShare;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.storage.PathSegments;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/**
 * The Iceberg REST catalog protocol, read only: each share is a warehouse. Safe for use by several
 * threads.
 */
public final class IcebergHandler implements PathRouter.Mount {
  /** Beside the endpoint of the Delta Sharing protocol. */
  public static final String PATH = "/iceberg";

  /** Of a list of tables, each of which may have to be looked at. */
  private static final long LIST_BYTES = 48L << 20;

  private static final String DELEGATION = "X-Iceberg-Access-Delegation";

  private final ShareViews shares;
  private final RequestTurns turns;
  private final CatalogLists lists;
  private final TableEndpoint tables;

  IcebergHandler(ShareViews shares, RequestTurns turns, CatalogLists lists, TableEndpoint tables) {
    this.shares = shares;
    this.turns = turns;
    this.lists = lists;
    this.tables = tables;
  }

  @Override
  public void handle(String rest, Request request, Response response, Callback callback)
      throws Exception {
    missing(RequestContext.of(request), "NotFoundException");
    turns.begin(request, response, callback, () -> serve(rest, request, response, callback));
  }

  /** Refusals are written in this protocol's form; from now on 404 means that this is not there. */
  private static void missing(RequestContext context, String type) {
    context.errorBody(error -> IcebergErrors.body(error, type));
  }

  private void serve(String rest, Request request, Response response, Callback callback) {
    RequestContext context = RequestContext.of(request);
    IcebergRoute route = IcebergRoute.find(request.getMethod(), PathSegments.decodeAll(rest));
    context.endpoint(route.endpoint().logName());
    context.table(route.tableNames());
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    Fields query = Request.extractQueryParameters(request);
    ShareView view = shares.of(context.principal());
    if (route.endpoint().isLight()) {
      Optional<ObjectNode> body = light(route, view, query, context);
      write(body, response, callback);
      return;
    }
    // Where there is no namespace there is no table: clients that look for one try other names
    // then.
    missing(context, route.hasTable() ? "NoSuchTableException" : "NoSuchNamespaceException");
    view.schema(route.share(), route.namespace());
    Optional<SharedTable> table =
        route.hasTable()
            ? Optional.of(view.table(route.share(), route.namespace(), route.table()))
            : Optional.empty();
    table.ifPresent(found -> context.table(List.of(found.share(), found.schema(), found.name())));
    Optional<SignBody> wanted =
        route.signs() ? Optional.of(SignBody.parse(context.body())) : Optional.empty();
    long bytes =
        table
            .map(found -> tables.bytes(found, context.principal(), wanted, route.state(wanted)))
            .orElse(LIST_BYTES);
    turns.await(
        request,
        response,
        callback,
        bytes,
        () -> write(heavy(route, view, table, wanted, request, query), response, callback));
  }

  private static void write(Optional<ObjectNode> body, Response response, Callback callback) {
    if (body.isPresent()) {
      JsonResponses.write(response, 200, body.get(), callback);
    } else {
      response.setStatus(204);
      response.write(true, null, callback);
    }
  }

  private static Optional<ObjectNode> light(
      IcebergRoute route, ShareView view, Fields query, RequestContext context) {
    String name = share(route, query);
    context.table(route.names().isEmpty() ? List.of(name) : route.tableNames());
    SharedShare share = view.share(name);
    if (route.endpoint() == IcebergRoute.Endpoint.CONFIG) {
      return Optional.of(CatalogLists.config(share));
    }
    missing(context, "NoSuchNamespaceException");
    if (route.endpoint() == IcebergRoute.Endpoint.LIST_NAMESPACES) {
      String parent = Optional.ofNullable(query.getValue("parent")).orElse("");
      if (parent.isEmpty()) {
        return Optional.of(CatalogLists.namespaces(share, query));
      }
      view.schema(share.name(), parent);
      return Optional.of(CatalogLists.noNamespaces());
    }
    view.schema(share.name(), route.namespace());
    missing(context, "NoSuchTableException");
    return switch (route.endpoint()) {
      case LOAD_NAMESPACE ->
          Optional.of(CatalogLists.namespace(view.schema(share.name(), route.namespace())));
      case LIST_VIEWS -> Optional.of(CatalogLists.noViews());
      case METRICS -> {
        // Of no use here, but clients send them.
        view.table(share.name(), route.namespace(), route.table());
        yield Optional.empty();
      }
      default -> Optional.empty();
    };
  }

  private static String share(IcebergRoute route, Fields query) {
    if (!route.names().isEmpty()) {
      return route.share();
    }
    String warehouse = query.getValue("warehouse");
    if (warehouse == null || warehouse.isEmpty()) {
      throw ServerError.invalid("The catalog's property warehouse must be the name of a share");
    }
    return warehouse;
  }

  private Optional<ObjectNode> heavy(
      IcebergRoute route,
      ShareView view,
      Optional<SharedTable> table,
      Optional<SignBody> wanted,
      Request request,
      Fields query) {
    RequestContext context = RequestContext.of(request);
    return switch (route.endpoint()) {
      case LIST_TABLES ->
          Optional.of(
              lists.tables(
                  view.schema(route.share(), route.namespace()),
                  query,
                  new ClientPresence(request)::check));
      case TABLE_EXISTS -> {
        tables.requireTable(table.orElseThrow());
        yield Optional.empty();
      }
      case LOAD_TABLE ->
          Optional.of(
              tables.load(
                  table.orElseThrow(), context, query, request.getHeaders().get(DELEGATION)));
      case CREDENTIALS -> Optional.of(tables.credentials(table.orElseThrow(), context));
      case SIGN, SIGN_STATE ->
          Optional.of(
              tables.sign(table.orElseThrow(), context, wanted.orElseThrow(), route.state(wanted)));
      default -> throw new IllegalStateException("Reads nothing: " + route);
    };
  }
}
