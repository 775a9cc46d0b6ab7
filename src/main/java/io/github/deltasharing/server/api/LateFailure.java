package io.github.deltasharing.server.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.deltasharing.server.ClientCapabilities;
import io.github.deltasharing.server.NdjsonAnswer;
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
      ClientCapabilities client,
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
    JsonGenerator json = answer.json();
    json.writeStartObject();
    json.writeObjectFieldStart("endStreamAction");
    json.writeStringField("errorMessage", message);
    json.writeNumberField("httpStatusErrorCode", status);
    json.writeEndObject();
    json.writeEndObject();
    answer.endLine();
    if (client.includeEndStreamAction()) {
      answer.finish();
      callback.succeeded();
    } else {
      answer.flush();
      callback.failed(failure);
    }
  }
}
