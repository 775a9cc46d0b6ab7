/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.NameValuePair;

/**
 * A response whose head was received and whose body is read as a stream. Driver and executors; used
 * by one thread; the caller closes its body.
 */
public final class HttpResponse {
  private final ClassicHttpResponse response;
  private final ResponseBody body;
  private final boolean firstOfConnection;
  private final boolean local;

  private HttpResponse(HttpConnection connection, ClassicHttpResponse response, ResponseBody body) {
    this.response = response;
    this.body = body;
    this.firstOfConnection = connection.isNew();
    this.local = connection.isLocal();
  }

  static HttpResponse of(
      HttpConnection connection,
      ClassicHttpRequest request,
      ClassicHttpResponse response,
      ConnectionPool pool)
      throws IOException {
    HttpEntity entity = response.getEntity();
    InputStream bytes = entity == null ? InputStream.nullInputStream() : entity.getContent();
    boolean kept = connection.staysOpen(request, response);
    return new HttpResponse(
        connection, response, new ResponseBody(connection, bytes, kept ? pool : null));
  }

  public int statusCode() {
    return response.getCode();
  }

  /** A header's value, its first if there are several; null for none. */
  public String header(String name) {
    Header header = response.getFirstHeader(name);
    return header == null ? null : header.getValue();
  }

  /** All values of a header. */
  public List<String> headers(String name) {
    return Arrays.stream(response.getHeaders(name)).map(NameValuePair::getValue).toList();
  }

  /** The target of a redirect; null for any other response. */
  String location() {
    return switch (response.getCode()) {
      case 301, 302, 303, 307, 308 -> header("Location");
      default -> null;
    };
  }

  /** Whether the connection was opened for it. */
  public boolean isFirstOfConnection() {
    return firstOfConnection;
  }

  /** Whether this machine sent it: the connection led to a loopback address. */
  public boolean isLocal() {
    return local;
  }

  /** What the header Content-Length says; −1 where there is none. */
  public long contentLength() {
    HttpEntity entity = response.getEntity();
    return entity == null ? 0 : entity.getContentLength();
  }

  public ResponseBody body() {
    return body;
  }
}
