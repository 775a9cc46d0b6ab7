/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import io.github.deltasharing.options.TlsSettings;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets up TLS on connections by {@link TlsSettings}. Driver and executors; thread-safe. */
final class Tls {
  private static final Logger LOG = LoggerFactory.getLogger(Tls.class);

  private static final AtomicBoolean WARNED = new AtomicBoolean();

  private final TlsSettings settings;

  /** Created for the first connection that needs it. */
  private SSLSocketFactory sockets;

  Tls(TlsSettings settings) {
    this.settings = settings;
  }

  /** Layers TLS over a socket and verifies the route's host. */
  SSLSocket over(Socket socket, Route route) throws IOException {
    SSLSocket encrypted =
        (SSLSocket)
            sockets().createSocket(socket, route.host(), route.port(), /* autoClose= */ true);
    SSLParameters parameters = encrypted.getSSLParameters();
    // Java rejects host names with an underscore, and would refuse every certificate.
    boolean ownCheck = route.host().indexOf('_') >= 0;
    if (!settings.trustAll() && !ownCheck) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    if (settings.minVersion() != null) {
      parameters.setProtocols(atLeast(settings.minVersion(), parameters.getProtocols()));
    }
    encrypted.setSSLParameters(parameters);
    try {
      encrypted.startHandshake();
    } catch (SocketTimeoutException e) {
      throw new HttpTimeoutException("no TLS in time");
    }
    if (!settings.trustAll() && ownCheck) {
      CertificateNames.check(route.host(), encrypted.getSession());
    }
    return encrypted;
  }

  private static String[] atLeast(String version, String[] enabled) throws SSLException {
    String[] left =
        Arrays.stream(enabled).filter(one -> one.compareTo(version) >= 0).toArray(String[]::new);
    if (left.length == 0) {
      throw new SSLException("this JVM has no TLS of version " + version + " or later enabled");
    }
    return left;
  }

  private synchronized SSLSocketFactory sockets() throws IOException {
    if (sockets == null) {
      sockets = create();
    }
    return sockets;
  }

  private SSLSocketFactory create() throws IOException {
    if (settings.trustAll() && !WARNED.getAndSet(true)) {
      LOG.warn(
          "INSECURE: the option 'sslTrustAll' is set, so certificates are not checked: anybody on the way can read"
              + " the token and change the data. For certificates of an own authority set 'sslTrustStore' instead.");
    }
    if (!settings.trustAll() && settings.authorities() == null && settings.clientKey() == null) {
      return (SSLSocketFactory) SSLSocketFactory.getDefault();
    }
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(clientKeys(), trusted(), null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new SSLException("its certificates or keys cannot be used", e);
    }
  }

  private KeyManager[] clientKeys() throws GeneralSecurityException {
    if (settings.clientKey() == null) {
      return null;
    }
    char[] inMemory = "in-memory".toCharArray();
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(settings.clientKey().keys(inMemory), inMemory);
    return keys.getKeyManagers();
  }

  private TrustManager[] trusted() throws IOException, GeneralSecurityException {
    if (settings.trustAll()) {
      return new TrustManager[] {new TrustAll()};
    }
    return settings.authorities() == null ? null : managers(besidesTheJvms());
  }

  private KeyStore besidesTheJvms() throws IOException, GeneralSecurityException {
    KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
    all.load(null, null);
    for (X509Certificate own : settings.authorities().certificates()) {
      all.setCertificateEntry("own-" + all.size(), own);
    }
    // Stores have certificates of public authorities, even if the sharing server's is private.
    int i = 0;
    for (TrustManager jvms : managers(null)) {
      if (jvms instanceof X509TrustManager manager) {
        for (X509Certificate issuer : manager.getAcceptedIssuers()) {
          all.setCertificateEntry("jvm-" + i++, issuer);
        }
      }
    }
    return all;
  }

  /** The number of trusted authorities, if the settings add some to the JVM's. */
  int authorities() throws IOException, GeneralSecurityException {
    return besidesTheJvms().size();
  }

  private static TrustManager[] managers(KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }
}
