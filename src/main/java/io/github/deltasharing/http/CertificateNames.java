/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Matches certificates to host names with an underscore, which Java's own check rejects. By RFC
 * 6125: names in the subject's alternatives only; {@code *} for the whole first label, of a name of
 * three labels or more. Stateless.
 */
final class CertificateNames {
  /** The type of a DNS name among a subject's alternatives. */
  private static final int DNS = 2;

  private CertificateNames() {}

  /**
   * Checks the peer's certificate.
   *
   * @throws SSLHandshakeException if it does not name the host
   */
  static void check(String host, SSLSession session) throws SSLHandshakeException {
    CertificateException failure;
    try {
      X509Certificate shown = (X509Certificate) session.getPeerCertificates()[0];
      if (names(host, shown.getSubjectAlternativeNames())) {
        return;
      }
      failure = new CertificateException("the certificate does not name the host " + host);
    } catch (SSLPeerUnverifiedException | CertificateParsingException e) {
      failure =
          new CertificateException("the certificate of the host " + host + " has no names", e);
    }
    SSLHandshakeException refused = new SSLHandshakeException(failure.getMessage());
    refused.initCause(failure);
    throw refused;
  }

  private static boolean names(String host, Collection<List<?>> alternatives) {
    return alternatives != null
        && alternatives.stream()
            .filter(name -> name.get(0).equals(DNS) && name.get(1) instanceof String)
            .anyMatch(name -> matches(host, (String) name.get(1)));
  }

  /** Whether a certificate's name matches the host. */
  static boolean matches(String host, String name) {
    String wanted = withoutDot(host);
    String given = withoutDot(name);
    if (given.equals(wanted)) {
      return true;
    }
    int dot = wanted.indexOf('.');
    return given.startsWith("*.")
        && dot > 0
        && given.indexOf('.', 2) > 0
        && given.substring(1).equals(wanted.substring(dot));
  }

  private static String withoutDot(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }
}
