/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import io.github.deltasharing.options.TlsSettings;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collections;
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

/** Sets up TLS on connections by {@link TlsSettings}. Driver and executors; thread-safe. */
final class Tls {
  private static final String PEM = "-----BEGIN";

  private final TlsSettings settings;

  /** Created for the first connection that needs it, which fails if the files cannot be read. */
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
    if (!settings.trustAll() && settings.trustFile() == null && settings.clientKeyFile() == null) {
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

  private KeyManager[] clientKeys() throws IOException, GeneralSecurityException {
    if (settings.clientKeyFile() == null) {
      return null;
    }
    char[] password = chars(settings.clientKeyPassword());
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(KeyStore.getInstance(new File(settings.clientKeyFile()), password), password);
    return keys.getKeyManagers();
  }

  private TrustManager[] trusted() throws IOException, GeneralSecurityException {
    if (settings.trustAll()) {
      return new TrustManager[] {new TrustAll()};
    }
    return settings.trustFile() == null ? null : managers(besidesTheJvms());
  }

  private KeyStore besidesTheJvms() throws IOException, GeneralSecurityException {
    KeyStore all = trustFile();
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

  /** PEM, or the trusted certificates of a key store, without those of its key entries. */
  private KeyStore trustFile() throws IOException, GeneralSecurityException {
    byte[] bytes = Files.readAllBytes(Path.of(settings.trustFile()));
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    int i = 0;
    if (new String(bytes, StandardCharsets.ISO_8859_1).contains(PEM)) {
      CertificateFactory x509 = CertificateFactory.getInstance("X.509");
      for (Certificate each : x509.generateCertificates(new ByteArrayInputStream(bytes))) {
        trusted.setCertificateEntry("own-" + i++, each);
      }
      return trusted;
    }
    KeyStore given =
        KeyStore.getInstance(new File(settings.trustFile()), chars(settings.trustPassword()));
    for (String alias : Collections.list(given.aliases())) {
      if (given.isCertificateEntry(alias)) {
        trusted.setCertificateEntry("own-" + i++, given.getCertificate(alias));
      }
    }
    return trusted;
  }

  private static char[] chars(String password) {
    return password == null ? null : password.toCharArray();
  }
}
