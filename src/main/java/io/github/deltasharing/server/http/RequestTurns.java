/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.http;

import io.github.deltasharing.server.auth.Authenticator;
import io.github.deltasharing.server.config.ServerLimits;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * What comes before a recipient's request is served, in every protocol: first the sender, then the
 * body, then the wait for the request's turn, and only then a thread for it. Safe for use by
 * several threads.
 */
public final class RequestTurns {
  private final Authenticator authenticator;
  private final ServerLimits limits;
  private final AdmissionControl admission;
  private final BodyMemory bodies;

  public RequestTurns(
      Authenticator authenticator, ServerLimits limits, AdmissionControl admission) {
    this.authenticator = authenticator;
    this.limits = limits;
    this.admission = admission;
    this.bodies = new BodyMemory(limits.heldBodyBytes(), limits.connections() / 4);
  }

  /**
   * Finds out who sends a request and reads its body, if it is a POST.
   *
   * @param serving completes the callback, or throws; maybe after this returns
   */
  public void begin(
      Request request, Response response, Callback callback, RequestFailures.Work serving)
      throws Exception {
    RequestContext context = RequestContext.of(request);
    context.backlog(new Backlog(limits.responseRate(), limits.responseGrace()));
    context.principal(authenticator.authenticate(request));
    if (!HttpMethod.POST.is(request.getMethod())) {
      serving.run();
      return;
    }
    new RequestBody(
            request,
            response,
            callback,
            limits,
            bodies,
            body -> {
              context.body(body);
              serving.run();
            })
        .read();
  }

  /**
   * Waits for the turn of a request whose client is still there then.
   *
   * @param bytes the memory that it takes
   * @param serving completes the callback, or throws; after this returns, mostly
   */
  public void await(
      Request request,
      Response response,
      Callback callback,
      long bytes,
      RequestFailures.Work serving) {
    admission.run(
        RequestContext.of(request).client(),
        bytes,
        () ->
            RequestFailures.guard(
                request,
                response,
                callback,
                () -> {
                  // It may have waited for longer than its client.
                  new ClientPresence(request).checkNow();
                  serving.run();
                }),
        refusal -> RequestFailures.fail(request, response, callback, refusal));
  }
}
