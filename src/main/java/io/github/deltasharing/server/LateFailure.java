package io.github.deltasharing.server;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is said when an answer fails after its status went out. Stateless. */
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
    exchange.cut(Cut.ERROR);
    exchange.errorCode(ServerError.INTERNAL_ERROR);
    LOG.error("Request {} failed half-way", exchange.requestId(), failure);
    String message =
        failure instanceof ServerError
            ? failure.getMessage()
            : "The server failed while it answered (request " + exchange.requestId() + ")";
    JsonGenerator json = answer.json();
    json.writeStartObject();
    json.writeObjectFieldStart("endStreamAction");
    json.writeStringField("errorMessage", message);
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
