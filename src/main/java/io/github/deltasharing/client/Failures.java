package io.github.deltasharing.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;

/**
 * Says in words what an I/O failure was. The JDK's own messages are often null, and never helpful
 * to a user.
 */
public final class Failures {
  private Failures() {}

  /** A short reason, without URLs. */
  public static String reason(IOException e) {
    if (isUnresolved(e)) {
      return "the host's name cannot be resolved";
    }
    if (e instanceof HttpConnectTimeoutException) {
      return "no connection within the option 'timeout' (or "
          + HttpClients.LONGEST_CONNECT.toSeconds()
          + " s, if that is shorter)";
    }
    if (e instanceof StalledException) {
      return "the answer stopped for longer than the option 'timeout'";
    }
    if (e instanceof HttpTimeoutException) {
      return "no answer within the option 'timeout'";
    }
    if (e instanceof ConnectException) {
      return "the connection was refused";
    }
    if (e instanceof SSLException) {
      return "TLS failed: " + rootMessage(e);
    }
    return "the connection broke (" + rootMessage(e) + ")";
  }

  /** Whether the failure was to get a connection at all: nothing was asked yet. */
  public static boolean isUnconnected(IOException e) {
    return e instanceof HttpConnectTimeoutException
        || e instanceof ConnectException
        || isUnresolved(e);
  }

  private static boolean isUnresolved(Throwable e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof UnresolvedAddressException || t instanceof UnknownHostException) {
        return true;
      }
    }
    return false;
  }

  private static String rootMessage(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }
}
