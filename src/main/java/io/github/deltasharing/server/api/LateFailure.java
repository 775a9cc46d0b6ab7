package io.github.deltasharing.server.api;

import io.github.deltasharing.protocol.Capabilities;
import io.github.deltasharing.protocol.EndStreamAction;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.http.Cut;
import io.github.deltasharing.server.http.Exchange;
import io.github.deltasharing.server.http.Failures;
import java.io.IOException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is said when an answer fails after its status went out: why, and the status that it would
 * have had, from which the client knows whether it may try again. Stateless.
 */
final class LateFailure {
  private static final Logger LOG = LoggerFactory.getLogger(LateFailure.class);

  private LateFailure() {}

  /** Says so in the last line; to clients that don't look for one, breaks off as well. */
  static void answer(
      Request request,
      NdjsonAnswer answer,
      Capabilities client,
      Callback callback,
      RuntimeException failure)
      throws IOException {
    Exchange exchange = Exchange.of(request);
    if (exchange.isCut() || Failures.isClientGone(failure)) {
      exchange.cut(Cut.CLIENT);
      callback.failed(failure);
      return;
    }
    ServerError known = failure instanceof ServerError error ? error : null;
    int status = known == null ? 500 : known.status();
    exchange.cut(Cut.ERROR);
    exchange.errorCode(known == null ? ServerError.INTERNAL_ERROR : known.errorCode());
    LOG.error("Request {} failed half-way", exchange.requestId(), failure);
    String message =
        known != null
            ? known.getMessage()
            : "The server failed while it answered (request " + exchange.requestId() + ")";
    answer.lines().endStream(EndStreamAction.ofFailure(message, status));
    if (client.endStreamAction()) {
      answer.finish();
      callback.succeeded();
    } else {
      answer.flush();
      callback.failed(failure);
    }
  }
}
