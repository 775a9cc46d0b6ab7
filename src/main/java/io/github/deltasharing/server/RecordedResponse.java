package io.github.deltasharing.server;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Counts the bytes of an answer and makes the access record just before the last of them leaves, so
 * that whoever has read the whole answer finds its record made. Used by one thread at a time.
 */
final class RecordedResponse extends Response.Wrapper {
  private final Exchange exchange;
  private final Consumer<AccessRecord> observer;
  private long bytes;

  RecordedResponse(
      Request request, Response wrapped, Exchange exchange, Consumer<AccessRecord> observer) {
    super(request, wrapped);
    this.exchange = exchange;
    this.observer = observer;
  }

  @Override
  public void write(boolean last, ByteBuffer content, Callback callback) {
    bytes += content == null ? 0 : content.remaining();
    long length = getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
    if (last || (length >= 0 && bytes >= length)) {
      record();
    }
    super.write(last, content, callback);
  }

  /** Makes the record unless it is made already: for answers that end early. */
  void record() {
    exchange.record(getStatus() == 0 ? 200 : getStatus(), bytes, observer);
  }
}
