/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.admin;

import io.github.deltasharing.server.auth.Principal;
import io.github.deltasharing.server.config.ServerLimits;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.http.Backlog;
import io.github.deltasharing.server.http.BodyMemory;
import io.github.deltasharing.server.http.ClientPresence;
import io.github.deltasharing.server.http.JsonResponses;
import io.github.deltasharing.server.http.PathRouter;
import io.github.deltasharing.server.http.RequestBody;
import io.github.deltasharing.server.http.RequestContext;
import io.github.deltasharing.server.http.RequestFailures;
import io.github.deltasharing.server.http.RequestOrigin;
import io.github.deltasharing.server.http.UploadBody;
import io.github.deltasharing.server.publish.Uploads;
import io.github.deltasharing.server.ratelimit.RateLimits;
import io.github.deltasharing.server.storage.PathSegments;
import io.github.deltasharing.server.store.StoredPrincipal;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/**
 * The admin API: first the sender and its role, then the body. Nothing of these responses is to be
 * kept. Safe for use by several threads.
 */
public final class AdminHandler implements PathRouter.Mount {
  public static final String PATH = "/api/2.1/opensharing/provider";
  private static final Set<String> WITH_BODY = Set.of("POST", "PATCH");
  private static final Duration UPLOAD_PAUSE = Duration.ofSeconds(30);

  private final AdminSignIn signIn;
  private final AdminEndpoints endpoints;
  private final Optional<String> externalUrl;
  private final ServerLimits limits;
  private final RateLimits rates;
  private final BodyMemory bodies;
  private final Clock clock;

  /**
   * Creates the handler.
   *
   * @param signIn knows who sends a request
   * @param externalUrl what recipients reach this server by; empty for what a request named
   */
  public AdminHandler(
      AdminSignIn signIn,
      AdminEndpoints endpoints,
      Optional<String> externalUrl,
      ServerLimits limits,
      RateLimits rates,
      Clock clock) {
    this.signIn = signIn;
    this.endpoints = endpoints;
    this.externalUrl = externalUrl;
    this.limits = limits;
    this.rates = rates;
    this.bodies = new BodyMemory(limits.heldBodyBytes() / 4, limits.connections() / 4);
    this.clock = clock;
  }

  @Override
  public void handle(String path, Request request, Response response, Callback callback) {
    RequestContext context = begin(request, response);
    StoredPrincipal principal = rates.signIn(request, () -> signIn.authenticate(request));
    context.sender(new Principal("admin-" + principal.id()), principal.name());
    List<String> segments = PathSegments.decodeAll(path);
    Set<String> methods = AdminRoute.methods(segments);
    if (!methods.isEmpty() && !methods.contains(request.getMethod())) {
      response.getHeaders().put(HttpHeader.ALLOW, String.join(", ", methods));
    }
    AdminRoute route = AdminRoute.find(request.getMethod(), segments);
    context.endpoint(route.endpoint().logName());
    context.targets(AdminTargets.ofPath(route));
    if (principal.role().compareTo(route.endpoint().role()) < 0) {
      throw ServerError.forbidden(
          "This needs the role "
              + route.endpoint().role()
              + ", and '"
              + principal.name()
              + "' has "
              + principal.role()
              + ". Ask an admin");
    }
    if (route.endpoint() == AdminRoute.Endpoint.CREATE_PUBLICATION && !isJson(request)) {
      upload(route, principal, request, response, callback);
      return;
    }
    if (!WITH_BODY.contains(request.getMethod())) {
      answer(route, principal, new byte[0], request, response, callback);
      return;
    }
    new RequestBody(
            request,
            response,
            callback,
            limits,
            bodies,
            body -> answer(route, principal, body, request, response, callback))
        .read();
  }

  private static boolean isJson(Request request) {
    String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    return type != null && type.toLowerCase(Locale.ROOT).startsWith("application/json");
  }

  /** A file that is the body; what it is to become is in the query. */
  private void upload(
      AdminRoute route,
      StoredPrincipal principal,
      Request request,
      Response response,
      Callback callback) {
    Fields parameters = Request.extractQueryParameters(request);
    AdminCall call =
        call(route, principal, PublicationBody.ofQuery(parameters), parameters, request);
    Uploads.Incoming incoming = endpoints.publications().begin(call, request.getLength());
    new UploadBody(
            request,
            UPLOAD_PAUSE,
            incoming,
            () ->
                RequestFailures.guard(
                    request,
                    response,
                    callback,
                    () -> {
                      ClientPresence client = new ClientPresence(request);
                      AdminAnswer answer =
                          endpoints.publications().uploaded(call, incoming, client::check);
                      note(route, call, answer, request);
                      write(answer, response, callback);
                    }),
            failure -> {
              incoming.drop();
              RequestFailures.fail(request, response, callback, failure);
            })
        .read();
  }

  private RequestContext begin(Request request, Response response) {
    RequestContext context = RequestContext.of(request);
    context.backlog(new Backlog(limits.responseRate(), limits.responseGrace()));
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    return context;
  }

  private void answer(
      AdminRoute route,
      StoredPrincipal principal,
      byte[] body,
      Request request,
      Response response,
      Callback callback) {
    Fields parameters = Request.extractQueryParameters(request);
    AdminCall call = call(route, principal, AdminBody.parse(body), parameters, request);
    AdminAnswer answer = endpoints.answer(route.endpoint(), call);
    note(route, call, answer, request);
    write(answer, response, callback);
  }

  /** For the audit: what is published has its names in the answer. */
  private static void note(AdminRoute route, AdminCall call, AdminAnswer answer, Request request) {
    if (route.endpoint() == AdminRoute.Endpoint.CREATE_PUBLICATION && answer.status() == 201) {
      RequestContext.of(request)
          .targets(
              AdminTargets.ofPublication(
                  AdminTargets.of(route, call.body()), answer.json().orElseThrow()));
    }
  }

  private AdminCall call(
      AdminRoute route, StoredPrincipal principal, AdminBody body, Fields query, Request request) {
    Map<String, String> parameters = new HashMap<>();
    query.forEach(field -> parameters.put(field.getName(), field.getValue()));
    RequestContext context = RequestContext.of(request);
    context.targets(AdminTargets.of(route, body));
    context.change(AdminTargets.change(route, body, parameters));
    return new AdminCall(
        principal,
        route.names(),
        parameters,
        body,
        Optional.ofNullable(request.getHeaders().get(HttpHeader.IF_MATCH)),
        origin(request),
        clock.instant());
  }

  private static void write(AdminAnswer answer, Response response, Callback callback) {
    answer
        .version()
        .ifPresent(version -> response.getHeaders().put(HttpHeader.ETAG, "\"" + version + "\""));
    if (answer.json().isPresent()) {
      JsonResponses.write(response, answer.status(), answer.json().get(), callback);
    } else {
      response.setStatus(answer.status());
      response.write(true, null, callback);
    }
  }

  private String origin(Request request) {
    return externalUrl.orElseGet(() -> RequestOrigin.of(request));
  }
}
