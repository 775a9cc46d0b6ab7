/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http.message.HeaderGroup;

/**
 * One request, with headers in the order in which they are added. Driver and executors; used by one
 * thread.
 */
public final class HttpRequest {
  /** Headers that frame the message: this package sets them. */
  private static final Set<String> OWN_HEADERS =
      Set.of("connection", "content-length", "expect", "host", "transfer-encoding", "upgrade");

  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7e\\x80-\\xff]*");

  private final String method;
  private final HttpUrl url;
  private final byte[] body;
  private final HeaderGroup headers = new HeaderGroup();

  private HttpRequest(String method, HttpUrl url, byte[] body) {
    this.method = method;
    this.url = url;
    this.body = body;
  }

  public static HttpRequest get(HttpUrl url) {
    return new HttpRequest("GET", url, null);
  }

  public static HttpRequest post(HttpUrl url, byte[] body) {
    return new HttpRequest("POST", url, body);
  }

  HttpUrl url() {
    return url;
  }

  /**
   * Adds a header.
   *
   * @throws IllegalArgumentException if no request may have it; quotes neither name nor value
   */
  public HttpRequest header(String name, String value) {
    if (!NAME.matcher(name).matches()
        || OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))
        || !VALUE.matcher(value).matches()) {
      throw new IllegalArgumentException("no HTTP request may have this header");
    }
    headers.addHeader(new BasicHeader(name, value));
    return this;
  }

  /**
   * The message for a route.
   *
   * @param proxyAuthorization the header for a forwarding proxy, or null
   */
  ClassicHttpRequest over(Route route, String proxyAuthorization) {
    String target = route.isForwarded() ? "http://" + url.authority() + url.target() : url.target();
    ClassicHttpRequest sent = message(method, target);
    sent.addHeader("Host", url.authority());
    if (route.isForwarded() && proxyAuthorization != null) {
      sent.addHeader("Proxy-Authorization", proxyAuthorization);
    }
    if (body != null) {
      sent.addHeader("Content-Length", Integer.toString(body.length));
      sent.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_OCTET_STREAM));
    }
    headers.headerIterator().forEachRemaining(sent::addHeader);
    return sent;
  }

  /** Without headers; the target as it is sent, for other constructors take URLs apart. */
  static ClassicHttpRequest message(String method, String target) {
    return new BasicClassicHttpRequest(method, null, null, target);
  }
}
