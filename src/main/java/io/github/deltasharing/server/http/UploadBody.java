/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.http;

import io.github.deltasharing.server.error.ServerError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * Hands the body of one request on as its bytes come, however many there are: none of them stays in
 * memory, and a client that sends slowly holds no thread. A pause that is too long ends it, watched
 * by {@link RunningRequests}. Used by one thread at a time.
 */
public final class UploadBody implements Runnable {
  private static final String LATE = "The file's bytes did not come in time. Send it again";

  /** Takes the bytes of a body. */
  @FunctionalInterface
  public interface Sink {
    /** Takes all that is in the buffer. */
    void write(ByteBuffer bytes) throws IOException;
  }

  private final Request request;
  private final RequestContext context;
  private final Duration pause;
  private final Sink sink;
  private final Runnable whole;
  private final Consumer<Throwable> failed;

  /**
   * A body that is yet to be read.
   *
   * @param pause how long nothing may come
   * @param whole runs when all bytes were taken
   * @param failed gets why they were not
   */
  public UploadBody(
      Request request, Duration pause, Sink sink, Runnable whole, Consumer<Throwable> failed) {
    this.request = request;
    this.context = RequestContext.of(request);
    this.pause = pause;
    this.sink = sink;
    this.whole = whole;
    this.failed = failed;
  }

  /** Starts to read; one of the two is called, perhaps before this returns. */
  public void read() {
    Optional<ServerError> compressed = BodyChunks.refusal(request);
    if (compressed.isPresent() && !isGzip()) {
      failed.accept(compressed.get());
      return;
    }
    run();
  }

  /** What is compressed so is handed on as it is: it says so itself. */
  private boolean isGzip() {
    return request.getHeaders().getValuesList(HttpHeader.CONTENT_ENCODING).equals(List.of("gzip"));
  }

  @Override
  public void run() {
    try {
      if (!BodyChunks.read(request, sink::write, LATE)) {
        context.readUntil(System.nanoTime() + pause.toNanos());
        request.demand(this);
        return;
      }
    } catch (Throwable e) {
      context.readUntil(RequestContext.NEVER);
      failed.accept(e);
      return;
    }
    context.readUntil(RequestContext.NEVER);
    whole.run();
  }
}
