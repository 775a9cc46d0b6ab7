/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/**
 * Describes I/O failures for users; the JDK's own messages are often null, and never helpful.
 * Stateless.
 */
public final class Failures {
  private Failures() {}

  /** A short reason, without URLs. */
  public static String reason(IOException e) {
    if (isUnresolved(e)) {
      return "the host's name cannot be resolved";
    }
    if (e instanceof ConnectTimeoutException) {
      return "no connection within the option 'timeout' (or "
          + Connector.LONGEST_CONNECT.toSeconds()
          + " s, if that is shorter)";
    }
    if (e instanceof SlowException || e instanceof ProxyRefusedException) {
      return e.getMessage();
    }
    if (e instanceof StalledException) {
      return "the response stopped for longer than the option 'timeout'";
    }
    if (e instanceof HttpTimeoutException) {
      return "no response within the option 'timeout'";
    }
    if (e instanceof ConnectException) {
      return "the connection was refused";
    }
    if (e instanceof SSLException) {
      return "TLS failed: " + rootMessage(e);
    }
    return "the connection broke (" + rootMessage(e) + ")";
  }

  /** Whether no connection was established: the request was not sent. */
  public static boolean isUnconnected(IOException e) {
    return e instanceof ConnectTimeoutException || e instanceof ConnectException || isUnresolved(e);
  }

  /**
   * Whether the server's certificate is not trusted, or is for another host: a retry gets the same
   * one.
   */
  public static boolean isOfTrust(IOException e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof CertificateException || t instanceof CertPathValidatorException) {
        return true;
      }
    }
    return e instanceof SSLException && rootMessage(e).toLowerCase(Locale.ROOT).contains("certif");
  }

  /** Whether a proxy refuses the tunnel, and will refuse it again. */
  public static boolean isOfProxy(IOException e) {
    return e instanceof ProxyRefusedException refused && refused.isFinal();
  }

  /** Whether the two sides have no TLS version or cipher in common, or the peer speaks no TLS. */
  public static boolean isOfProtocol(IOException e) {
    if (!(e instanceof SSLException)) {
      return false;
    }
    String message = rootMessage(e).toLowerCase(Locale.ROOT);
    return Stream.of(
            "protocol_version",
            "no appropriate protocol",
            "insufficient_security",
            "plaintext connection")
        .anyMatch(message::contains);
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
