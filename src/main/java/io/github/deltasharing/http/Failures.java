/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/**
 * Describes I/O failures for users; the JDK's own messages are often null, and never helpful.
 * Stateless.
 */
public final class Failures {
  /** What to do about HTTP 407. */
  public static final String PROXY_WANTS_SIGN_IN =
      "The proxy wants a user and a password, or does not accept those that it got: check the options 'proxyUser' and"
          + " 'proxyPassword' (or the environment variable that names the proxy), or name the host in 'noProxyHosts' if"
          + " it can be reached without the proxy.";

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
      return "TLS failed: "
          + rootMessage(e)
          + (isBroken(e)
              ? " during the handshake, as where a server wants a client certificate (option 'sslKeyStore')"
              : "");
    }
    return "the connection broke (" + rootMessage(e) + ")";
  }

  /** Whether no connection was established: the request was not sent. */
  public static boolean isUnconnected(IOException e) {
    return e instanceof ConnectTimeoutException || e instanceof ConnectException || isUnresolved(e);
  }

  /** What to do about a failure that the next try meets again; null if it may pass. */
  public static String advice(IOException e) {
    if (e instanceof ProxyRefusedException refused) {
      return refused.isFinal() ? refused.advice() : null;
    }
    if (isOfClientCertificate(e)) {
      return "It wants a client certificate that it accepts: give it with the option 'sslKeyStore', for a store together"
          + " with 'sslKeyStoreOnExecutors'.";
    }
    if (isOfTrust(e)) {
      return adviceOfTrust(e);
    }
    if (isOfProtocol(e)) {
      return "Check that the URL (of a sharing server: the profile's 'endpoint') has the right scheme and port, and"
          + " that this JVM's TLS versions, or those that the option 'sslMinVersion' leaves, are the server's.";
    }
    return null;
  }

  private static String adviceOfTrust(IOException e) {
    if (has(e, CertificateExpiredException.class)
        || has(e, CertificateNotYetValidException.class)) {
      return "Its certificate is not valid at this time: check this machine's clock, or have the owner renew the"
          + " certificate.";
    }
    if (!has(e, CertPathBuilderException.class) && !has(e, CertPathValidatorException.class)) {
      return "Its certificate is for another host: check the host (of a sharing server: in the profile's 'endpoint'),"
          + " or tell its owner.";
    }
    return "Its certificate is of an authority that is not trusted: name the authority's certificate (PEM, or a key"
        + " store) in the option 'sslTrustStore'.";
  }

  /** Whether the server's certificate is not trusted, or is for another host. */
  static boolean isOfTrust(IOException e) {
    return has(e, CertificateException.class)
        || has(e, CertPathValidatorException.class)
        || has(e, CertPathBuilderException.class);
  }

  /** Whether the server refuses the client's certificate, or that it shows none. */
  static boolean isOfClientCertificate(IOException e) {
    if (!(e instanceof SSLException)) {
      return false;
    }
    String message = rootMessage(e).toLowerCase(Locale.ROOT);
    return message.startsWith("received fatal alert: ")
        && Stream.of("certif", "unknown_ca", "access_denied", "handshake_failure")
            .anyMatch(message::contains);
  }

  /** Whether the two sides have no TLS version or cipher in common, or the peer speaks no TLS. */
  static boolean isOfProtocol(IOException e) {
    if (!(e instanceof SSLException)) {
      return false;
    }
    String message = rootMessage(e).toLowerCase(Locale.ROOT);
    return Stream.of(
            "protocol_version",
            "no appropriate protocol",
            "insufficient_security",
            "plaintext connection",
            "this jvm has no tls")
        .anyMatch(message::contains);
  }

  private static boolean has(Throwable e, Class<? extends Throwable> kind) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (kind.isInstance(t)) {
        return true;
      }
    }
    return false;
  }

  /** Whether TLS failed for the connection broke: channels say so by a plain IOException. */
  private static boolean isBroken(IOException e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof SocketException || t.getClass() == IOException.class) {
        return true;
      }
    }
    return false;
  }

  private static boolean isUnresolved(Throwable e) {
    return has(e, UnresolvedAddressException.class) || has(e, UnknownHostException.class);
  }

  private static String rootMessage(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }
}
