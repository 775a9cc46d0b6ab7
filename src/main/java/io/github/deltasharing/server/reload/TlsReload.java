/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.reload;

import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.config.TlsConfig;
import io.github.deltasharing.server.http.TlsContext;
import java.security.KeyStore;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the certificate and its key again, of the files that the server was started with; new
 * connections get it. Safe for use by several threads.
 */
public final class TlsReload implements ReloadablePart {
  private static final Logger LOG = LoggerFactory.getLogger(TlsReload.class);

  private final SslContextFactory.Server context;
  private final TlsConfig tls;
  private final String host;

  public TlsReload(SslContextFactory.Server context, TlsConfig tls, String host) {
    this.context = context;
    this.tls = tls;
    this.host = host;
  }

  @Override
  public Runnable prepare(ShareConfig config) {
    KeyStore store = TlsContext.keyStore(tls, host);
    return () -> {
      try {
        context.reload(factory -> factory.setKeyStore(store));
      } catch (Exception e) {
        LOG.error("The certificate was not taken, the one before goes on: {}", e.getMessage());
      }
    };
  }
}
