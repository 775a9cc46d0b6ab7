package io.github.deltasharing.server.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.auth.BearerAuth;
import io.github.deltasharing.server.config.ServerLimits;
import io.github.deltasharing.server.delta.LogWeights;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.http.Admission;
import io.github.deltasharing.server.http.Backlog;
import io.github.deltasharing.server.http.BodyMemory;
import io.github.deltasharing.server.http.ClientPresence;
import io.github.deltasharing.server.http.Exchange;
import io.github.deltasharing.server.http.Failures;
import io.github.deltasharing.server.http.JsonAnswers;
import io.github.deltasharing.server.http.RequestBody;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.share.Shares;
import io.github.deltasharing.server.storage.PathSegments;
import java.io.IOException;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/**
 * The protocol's REST endpoints behind the bearer token: first the token, then the body, then the
 * wait for the request's turn, and only then a thread for it. Safe for use by several threads.
 */
public final class ApiHandler extends Handler.Abstract {
  private final String prefix;
  private final Shares shares;
  private final BearerAuth auth;
  private final ServerLimits limits;
  private final BodyMemory bodies;
  private final Admission admission;
  private final LogWeights weights = new LogWeights();
  private final ListEndpoints lists;
  private final TableEndpoints tables;
  private final AsyncQueryEndpoint queries;
  private final ChangesEndpoint changes;

  public ApiHandler(
      String prefix,
      Shares shares,
      BearerAuth auth,
      ServerLimits limits,
      Admission admission,
      ListEndpoints lists,
      TableEndpoints tables,
      AsyncQueryEndpoint queries,
      ChangesEndpoint changes) {
    this.prefix = prefix;
    this.shares = shares;
    this.auth = auth;
    this.limits = limits;
    this.bodies = new BodyMemory(limits.heldBodyBytes(), limits.connections() / 4);
    this.admission = admission;
    this.lists = lists;
    this.tables = tables;
    this.queries = queries;
    this.changes = changes;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Failures.guard(request, response, callback, () -> begin(request, response, callback));
    return true;
  }

  private void begin(Request request, Response response, Callback callback) throws IOException {
    Exchange exchange = Exchange.of(request);
    exchange.backlog(new Backlog(limits.answerRate(), limits.answerGrace()));
    exchange.principal(auth.authenticate(request));
    if (!HttpMethod.POST.is(request.getMethod())) {
      serve(request, response, callback);
      return;
    }
    new RequestBody(
            request,
            limits,
            bodies,
            body -> {
              exchange.body(body);
              Failures.guard(request, response, callback, () -> serve(request, response, callback));
            },
            failure -> Failures.fail(request, response, callback, failure))
        .read();
  }

  private void serve(Request request, Response response, Callback callback) throws IOException {
    Exchange exchange = Exchange.of(request);
    String path = request.getHttpURI().getPath();
    if (path == null || !path.startsWith(prefix + "/")) {
      throw ServerError.notFound("There is no such endpoint: paths start with " + prefix + "/");
    }
    List<String> segments = PathSegments.decodeAll(path.substring(prefix.length() + 1));
    Route route = Route.find(request.getMethod(), segments);
    exchange.endpoint(route.endpoint().logName());
    exchange.table(String.join(".", route.tableNames()));
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
      JsonAnswers.write(response, 200, list(route, query), callback);
    }
  }

  private ObjectNode list(Route route, Fields query) {
    List<String> names = route.names();
    return switch (route.endpoint()) {
      case LIST_SHARES -> lists.shares(query);
      case GET_SHARE -> lists.share(names.get(0));
      case LIST_SCHEMAS -> lists.schemas(names.get(0), query);
      case LIST_ALL_TABLES -> lists.allTables(names.get(0), query);
      case LIST_TABLES -> lists.tables(names.get(0), names.get(1), query);
      default -> throw new IllegalStateException("Not a list: " + route);
    };
  }

  private void awaitTurn(
      Route route, Request request, Fields query, Response response, Callback callback) {
    List<String> names = route.names();
    SharedTable table = shares.table(names.get(0), names.get(1), names.get(2));
    Exchange exchange = Exchange.of(request);
    exchange.table(table.fullName());
    admission.run(
        exchange.client(),
        weights.of(table),
        () ->
            Failures.guard(
                request,
                response,
                callback,
                () -> {
                  // It may have waited for longer than its client.
                  new ClientPresence(request).checkNow();
                  serveTable(route, table, request, query, response, callback);
                }),
        refusal -> Failures.fail(request, response, callback, refusal));
  }

  private void serveTable(
      Route route,
      SharedTable table,
      Request request,
      Fields query,
      Response response,
      Callback callback)
      throws IOException {
    switch (route.endpoint()) {
      case VERSION, VERSION_BY_HEAD -> tables.version(table, request, query, response, callback);
      case METADATA -> tables.metadata(table, request, query, response, callback);
      case QUERY -> {
        QueryRequest body = QueryRequest.parse(Exchange.of(request).body());
        if (body.startingVersion().isPresent()) {
          changes.answer(table, request, ChangesRequest.stream(body), response, callback);
        } else {
          queries.query(table, request, body, response, callback);
        }
      }
      case POLL ->
          queries.poll(
              table,
              request,
              route.names().get(3),
              Exchange.of(request).body(),
              response,
              callback);
      case GET_TABLE -> JsonAnswers.write(response, 200, lists.table(table), callback);
      case CHANGES ->
          changes.answer(table, request, ChangesRequest.feed(query), response, callback);
      case CREDENTIALS ->
          throw ServerError.unsupported(
              "Cannot give credentials for "
                  + table.fullName()
                  + ": this server serves tables by URL only. Query the table");
      default -> throw new IllegalStateException("Not a table's endpoint: " + route);
    }
  }
}
