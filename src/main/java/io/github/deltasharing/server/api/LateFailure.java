/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.api;

import io.github.deltasharing.protocol.Capabilities;
import io.github.deltasharing.protocol.EndStreamAction;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.http.CutReason;
import io.github.deltasharing.server.http.RequestContext;
import io.github.deltasharing.server.http.RequestFailures;
import java.io.IOException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is said when a response fails after its status went out: why, and the status that it would
 * have had, from which the client knows whether it may try again. Stateless.
 */
final class LateFailure {
  private static final Logger LOG = LoggerFactory.getLogger(LateFailure.class);

  private LateFailure() {}

  /** Says so in the last line; to clients that don't look for one, breaks off as well. */
  static void send(
      Request request,
      NdjsonResponse ndjson,
      Capabilities client,
      Callback callback,
      RuntimeException failure)
      throws IOException {
    RequestContext context = RequestContext.of(request);
    if (context.isCut() || RequestFailures.isClientGone(failure)) {
      context.cut(CutReason.CLIENT);
      callback.failed(failure);
      return;
    }
    ServerError known = RequestFailures.refusal(failure).orElse(null);
    int status = known == null ? 500 : known.status();
    context.cut(CutReason.ERROR);
    context.errorCode(known == null ? ServerError.INTERNAL_ERROR : known.errorCode());
    LOG.error("Request {} failed half-way", context.requestId(), failure);
    String message =
        known != null
            ? known.getMessage()
            : "The server failed while it answered (request " + context.requestId() + ")";
    ndjson.lines().endStream(EndStreamAction.ofFailure(message, status));
    if (client.endStreamAction()) {
      ndjson.finish();
      callback.succeeded();
    } else {
      ndjson.flush();
      callback.failed(failure);
    }
  }
}
