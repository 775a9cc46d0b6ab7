/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.http;

import io.github.deltasharing.server.error.ClientGoneException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.BufferUtil;

/**
 * Looks now and then whether the client of a request is still connected, for work that takes long
 * before it writes anything: only a read from the connection shows that the client closed it. To be
 * used by the thread that serves the request, once the request's body was read.
 */
public final class ClientPresence {
  private static final long PAUSE_NANOS = Duration.ofMillis(500).toNanos();

  private final RequestContext context;
  private final Connection connection;
  private long next = System.nanoTime() + PAUSE_NANOS;
  private boolean blind;

  public ClientPresence(Request request) {
    this.context = RequestContext.of(request);
    this.connection = request.getConnectionMetaData().getConnection();
    // With bytes of a next request in its buffer there is no room to put others back.
    this.blind = !(connection instanceof HttpConnection http && http.isRequestBufferEmpty());
  }

  /** Throws a {@link ClientGoneException} if the client has left; cheap to be called often. */
  public void check() {
    if (System.nanoTime() - next >= 0) {
      checkNow();
    }
  }

  /** The same without regard to when it was done last. */
  public void checkNow() {
    next = System.nanoTime() + PAUSE_NANOS;
    if (context.isCut() || isGone()) {
      throw new ClientGoneException();
    }
  }

  private boolean isGone() {
    EndPoint endPoint = connection.getEndPoint();
    if (!endPoint.isOpen()) {
      return true;
    }
    if (blind) {
      return false;
    }
    ByteBuffer read = BufferUtil.allocate(1);
    try {
      int count = endPoint.fill(read);
      if (count > 0) {
        // The start of a next request: the client is there. It goes back to where it is expected,
        // and whether more comes behind it is not to be seen from here.
        ((HttpConnection) connection).onUpgradeTo(read);
        blind = true;
      }
      return count < 0;
    } catch (java.io.IOException e) {
      return true;
    }
  }
}
