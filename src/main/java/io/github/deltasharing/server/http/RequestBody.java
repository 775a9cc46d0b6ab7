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
import java.util.Optional;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Reads the body of one request as its bytes come, so that a client that sends slowly holds no
 * thread, and no more memory than it has sent. Jetty's SizeLimitHandler would refuse a long body
 * too, but before anybody has looked at the sender's credential, and it knows neither the memory
 * that all bodies share nor what to advise the client. The time that it has is watched by {@link
 * RunningRequests}. Used by one thread at a time.
 */
public final class RequestBody implements Runnable {
  private static final String LATE = "The request's body did not come in time. Send it faster";

  private static final byte[] NONE = {};

  private final Request request;
  private final RequestContext context;
  private final ServerLimits limits;
  private final BodyMemory memory;
  private final Response response;
  private final Callback callback;
  private final Use whole;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long reserved;

  /** What is done with a body: serves the request, which completes the callback, or throws. */
  @FunctionalInterface
  public interface Use {
    void of(byte[] body) throws Exception;
  }

  /**
   * A body that is yet to be read.
   *
   * @param response gets an error's response if there is no body, or if its use fails
   */
  public RequestBody(
      Request request,
      Response response,
      Callback callback,
      ServerLimits limits,
      BodyMemory memory,
      Use whole) {
    this.request = request;
    this.response = response;
    this.callback = callback;
    this.context = RequestContext.of(request);
    this.limits = limits;
    this.memory = memory;
    this.whole = whole;
  }

  /** Starts to read; the request may be over before this returns. */
  public void read() {
    Optional<ServerError> compressed = BodyChunks.refusal(request);
    if (compressed.isPresent()) {
      fail(compressed.get());
      return;
    }
    if (request.getLength() > limits.bodyBytes()) {
      fail(tooLong());
      return;
    }
    if (!memory.begin(context.client())) {
      fail(
          ServerError.tooMany("This client sends too many requests at once. Send fewer at a time"));
      return;
    }
    context.readUntil(System.nanoTime() + limits.bodyTime().toNanos());
    run();
  }

  @Override
  public void run() {
    try {
      if (!BodyChunks.read(request, this::take, LATE)) {
        request.demand(this);
        return;
      }
    } catch (Throwable e) {
      end();
      fail(e);
      return;
    }
    end();
    byte[] body = bytes.size() == 0 ? NONE : bytes.toByteArray();
    RequestFailures.guard(request, response, callback, () -> whole.of(body));
  }

  private void fail(Throwable why) {
    RequestFailures.fail(request, response, callback, why);
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
}
