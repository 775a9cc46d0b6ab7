/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.http;

import io.github.deltasharing.server.config.ServerLimits;
import io.github.deltasharing.server.error.ServerError;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * Reads the body of one request as its bytes come, so that a client that sends slowly holds no
 * thread, and no more memory than it has sent. Jetty's SizeLimitHandler would refuse a long body
 * too, but before anybody has looked at the sender's credential, and it knows neither the memory
 * that all bodies share nor what to advise the client. The time that it has is watched by {@link
 * RunningRequests}. Used by one thread at a time.
 */
public final class RequestBody implements Runnable {
  private static final byte[] NONE = {};

  private final Request request;
  private final RequestContext context;
  private final ServerLimits limits;
  private final BodyMemory memory;
  private final Consumer<byte[]> whole;
  private final Consumer<Throwable> failed;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long reserved;

  /**
   * A body that is yet to be read.
   *
   * @param whole gets the body
   * @param failed gets why there is none: a {@link ServerError} where the client gets a response
   */
  public RequestBody(
      Request request,
      ServerLimits limits,
      BodyMemory memory,
      Consumer<byte[]> whole,
      Consumer<Throwable> failed) {
    this.request = request;
    this.context = RequestContext.of(request);
    this.limits = limits;
    this.memory = memory;
    this.whole = whole;
    this.failed = failed;
  }

  /** Starts to read; one of the two consumers is called, perhaps before this returns. */
  public void read() {
    if (request.getHeaders().contains(HttpHeader.CONTENT_ENCODING)) {
      failed.accept(
          new ServerError(
              415,
              ServerError.MALFORMED_REQUEST,
              "The request's body is compressed. Send it without Content-Encoding"));
      return;
    }
    if (request.getLength() > limits.bodyBytes()) {
      failed.accept(tooLong());
      return;
    }
    if (!memory.begin(context.client())) {
      failed.accept(
          ServerError.tooMany("This client sends too many requests at once. Send fewer at a time"));
      return;
    }
    context.readUntil(System.nanoTime() + limits.bodyTime().toNanos());
    run();
  }

  @Override
  public void run() {
    try {
      if (!readWhatIsThere()) {
        request.demand(this);
        return;
      }
    } catch (Throwable e) {
      end();
      failed.accept(e);
      return;
    }
    end();
    whole.accept(bytes.size() == 0 ? NONE : bytes.toByteArray());
  }

  /** Whether that was all of the body. */
  private boolean readWhatIsThere() throws Throwable {
    while (true) {
      Content.Chunk chunk = request.read();
      if (chunk == null) {
        return false;
      }
      if (Content.Chunk.isFailure(chunk)) {
        throw failure(chunk.getFailure());
      }
      try {
        take(chunk.getByteBuffer());
      } finally {
        chunk.release();
      }
      if (chunk.isLast()) {
        return true;
      }
    }
  }

  private void take(ByteBuffer chunk) {
    int length = bytes.size() + chunk.remaining();
    if (length > limits.bodyBytes()) {
      throw tooLong();
    }
    // A part of the body, and the copy of the whole that is made of its parts at the end.
    long more = length <= limits.smallBodyBytes() ? 0 : 2L * length - reserved;
    if (more > 0 && !memory.take(more)) {
      throw ServerError.busy("The server holds too many large requests. Try again");
    }
    reserved += more;
    byte[] part = new byte[chunk.remaining()];
    chunk.get(part);
    bytes.write(part, 0, part.length);
  }

  private void end() {
    context.readUntil(RequestContext.NEVER);
    memory.ended(context.client());
    long taken = reserved;
    context.whenOver(() -> memory.give(taken));
  }

  private ServerError tooLong() {
    return new ServerError(
        413,
        ServerError.MALFORMED_REQUEST,
        "The request's body is longer than %d KiB: send fewer predicate hints"
            .formatted(limits.bodyBytes() / 1024));
  }

  private static Throwable failure(Throwable cause) {
    if (cause instanceof TimeoutException) {
      return new ServerError(
          408,
          ServerError.MALFORMED_REQUEST,
          "The request's body did not come in time. Send it faster",
          cause);
    }
    return cause;
  }
}
