/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Counts the bytes of a response and makes the access record just before the last of them leaves,
 * so that a client that has read the whole response finds its record made. Notes in the context how
 * long the network takes for each part. Used by one thread at a time.
 */
public final class RecordedResponse extends Response.Wrapper {
  private final RequestContext context;
  private final Consumer<AccessRecord> observer;
  private long bytes;

  public RecordedResponse(
      Request request, Response wrapped, RequestContext context, Consumer<AccessRecord> observer) {
    super(request, wrapped);
    this.context = context;
    this.observer = observer;
    context.response(this);
  }

  @Override
  public void write(boolean last, ByteBuffer content, Callback callback) {
    bytes += content == null ? 0 : content.remaining();
    long length = getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
    if (last || (length >= 0 && bytes >= length)) {
      record();
    }
    context.writing(content == null ? 0 : content.remaining());
    super.write(
        last,
        content,
        new Callback.Nested(callback) {
          @Override
          public void succeeded() {
            context.written();
            super.succeeded();
          }

          @Override
          public void failed(Throwable failure) {
            if (failure instanceof TimeoutException) {
              context.cut(CutReason.SLOW);
            } else if (failure instanceof IOException) {
              context.cut(CutReason.CLIENT);
            }
            super.failed(failure);
          }
        });
  }

  /** Makes the record of a request that ended, with what it failed with or null. */
  public void record(Throwable failure) {
    if (failure != null) {
      context.cut(RequestFailures.isClientGone(failure) ? CutReason.CLIENT : CutReason.ERROR);
    }
    record();
  }

  /** Makes the record unless it is made already: for responses that end early. */
  public void record() {
    context.record(getStatus() == 0 ? 200 : getStatus(), bytes, observer);
  }
}
