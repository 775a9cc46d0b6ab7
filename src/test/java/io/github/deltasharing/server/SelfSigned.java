/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import io.github.deltasharing.server.config.TlsConfig;
import io.github.deltasharing.server.http.TlsContext;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** The TLS of a test's server whose certificate nobody vouches for. */
public final class SelfSigned {
  private SelfSigned() {}

  /** For {@code localhost}. */
  public static SSLContext context() throws Exception {
    SslContextFactory.Server factory = TlsContext.of(TlsConfig.ofSelfSigned(), "localhost");
    factory.start();
    return factory.getSslContext();
  }
}
