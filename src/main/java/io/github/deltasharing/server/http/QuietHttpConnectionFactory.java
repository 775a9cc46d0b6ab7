/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.http;

import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * HTTP/1.1 without CONNECT, which this server has no use for: Jetty takes its target for a host and
 * logs at WARN what is none, the signature of a signed path with it. Safe for use by several
 * threads.
 */
public final class QuietHttpConnectionFactory extends HttpConnectionFactory {
  public QuietHttpConnectionFactory(HttpConfiguration config) {
    super(config);
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    HttpConnection connection =
        new HttpConnection(getHttpConfiguration(), connector, endPoint) {
          @Override
          protected HttpStreamOverHTTP1 newHttpStream(
              String method, String uri, HttpVersion version) {
            if (HttpMethod.CONNECT.is(method)) {
              throw new HttpException.RuntimeException(HttpStatus.METHOD_NOT_ALLOWED_405);
            }
            return super.newHttpStream(method, uri, version);
          }
        };
    return configure(connection, connector, endPoint);
  }
}
