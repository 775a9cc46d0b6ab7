/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.http.QuietHttpConnectionFactory;
import io.github.deltasharing.server.http.TlsContext;
import io.github.deltasharing.server.reload.ReloadablePart;
import io.github.deltasharing.server.reload.TlsReload;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * Where a server listens, as its configuration says it. Immutable.
 *
 * @param connector listens once its server is started
 * @param certificate takes another certificate; empty without TLS
 */
record MainConnector(ServerConnector connector, Optional<ReloadablePart> certificate) {

  static MainConnector of(Server jetty, ShareConfig config) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    // Else a token of other cases is taken for one that came before it on the same connection.
    http.setHeaderCacheCaseSensitive(true);
    // Partition directories have literal '%' in their names. Paths are decoded here, once, segment
    // by segment, so an encoded '%' is not ambiguous to us.
    http.setUriCompliance(paths(config));
    ServerConnector connector;
    Optional<ReloadablePart> certificate = Optional.empty();
    if (config.tls().isPresent()) {
      http.addCustomizer(new SecureRequestCustomizer(false));
      SslContextFactory.Server context = TlsContext.of(config.tls().get(), config.host());
      connector =
          new ServerConnector(
              jetty,
              new SslConnectionFactory(context, "http/1.1"),
              new QuietHttpConnectionFactory(http));
      if (!config.tls().get().selfSigned()) {
        certificate = Optional.of(new TlsReload(context, config.tls().get(), config.host()));
      }
    } else {
      connector = new ServerConnector(jetty, new QuietHttpConnectionFactory(http));
    }
    // While it stops, a response in the making may take its time.
    connector.setShutdownIdleTimeout(-1);
    connector.setHost(address(config.host()));
    connector.setPort(config.port());
    connector.setIdleTimeout(
        Duration.ofSeconds(config.settings().requestTimeoutSeconds()).toMillis());
    return new MainConnector(connector, certificate);
  }

  /** Iceberg's clients part the levels of a namespace by a control character. */
  private static UriCompliance paths(ShareConfig config) {
    UriCompliance paths =
        UriCompliance.DEFAULT.with("sharing", UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING);
    return config.settings().icebergCatalog()
        ? paths.with("iceberg", UriCompliance.Violation.SUSPICIOUS_PATH_CHARACTERS)
        : paths;
  }

  /** {@code localhost} may also be ::1, which clients that try 127.0.0.1 do not find. */
  private static String address(String host) {
    return host.equalsIgnoreCase("localhost") ? "127.0.0.1" : host;
  }

  /** The endpoint as a profile names it, with the port that was bound. */
  URI uri(ShareConfig config) {
    String host = address(config.host());
    String authority = host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
    return URI.create(
        (config.tls().isPresent() ? "https://" : "http://")
            + authority
            + ":"
            + connector.getLocalPort()
            + config.endpoint());
  }
}
