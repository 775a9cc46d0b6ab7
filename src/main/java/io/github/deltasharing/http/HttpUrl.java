/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An HTTP URL, parsed as leniently as stores write them: {@link java.net.URI} knows no host with an
 * underscore, and rejects characters that stores leave unescaped. Signed text stays as it is: only
 * characters that no request may contain are escaped. Its text is a secret. Driver and executors;
 * immutable.
 *
 * @param host without brackets
 * @param target path and query, as they are sent
 */
public record HttpUrl(boolean tls, String host, int port, String target) {
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  private static final Pattern FORM =
      Pattern.compile(
          "(https?)://([^/?#]*)([^#]*)(?:#.*)?", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private static final Pattern AUTHORITY =
      Pattern.compile("(\\[[0-9a-fA-F:.]+\\]|[^\\[\\]:@\\s]+)(?::(\\d{0,5}))?");

  private static final Pattern NAME = Pattern.compile("[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?\\.?");

  private static final Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*:");

  private static final Pattern LOOPBACK = Pattern.compile("127(?:\\.(?:0|[1-9][0-9]{0,2})){3}");

  private static final String HEX = "0123456789ABCDEF";

  /**
   * Reads a URL.
   *
   * @throws RefusedUrlException if it is not an HTTP URL, or contains a user name or control
   *     characters
   */
  public static HttpUrl of(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new RefusedUrlException("it is no URL of HTTP");
    }
    if (form.group(2).indexOf('@') >= 0) {
      throw new RefusedUrlException("it holds a user's name, which no URL of a store does");
    }
    Matcher authority = AUTHORITY.matcher(form.group(2));
    if (!authority.matches()) {
      throw new RefusedUrlException("it has no host that can be read");
    }
    boolean tls = form.group(1).equalsIgnoreCase("https");
    return new HttpUrl(
        tls, host(authority.group(1)), port(authority.group(2), tls), target(form.group(3)));
  }

  private static String host(String text) {
    if (text.startsWith("[")) {
      return text.substring(1, text.length() - 1);
    }
    String host;
    try {
      host = IDN.toASCII(text).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      throw new RefusedUrlException("it has no host that can be read");
    }
    if (!NAME.matcher(host).matches()) {
      throw new RefusedUrlException("it has no host that can be read");
    }
    return host;
  }

  private static int port(String text, boolean tls) {
    if (text == null || text.isEmpty()) {
      return tls ? HTTPS_PORT : HTTP_PORT;
    }
    int port = Integer.parseInt(text);
    if (port == 0 || port > 0xffff) {
      throw new RefusedUrlException("it has no port that can be used");
    }
    return port;
  }

  /** Escapes stay as they are; what no request may contain is escaped. */
  private static String target(String text) {
    String target = text.startsWith("/") ? text : "/" + text;
    int query = target.indexOf('?');
    StringBuilder sent = null;
    for (int i = 0; i < target.length(); ) {
      int c = target.codePointAt(i);
      int next = i + Character.charCount(c);
      if (c < ' ' || c == 0x7f) {
        throw new RefusedUrlException("it holds the control character " + Character.getName(c));
      }
      boolean stays = mayStay(c, query >= 0 && i > query) && (c != '%' || isEscape(target, i));
      if (!stays && sent == null) {
        sent = new StringBuilder(target.length() + 16).append(target, 0, i);
      }
      if (!stays) {
        escape(sent, target.substring(i, next));
      } else if (sent != null) {
        sent.appendCodePoint(c);
      }
      i = next;
    }
    return sent == null ? target : sent.toString();
  }

  private static boolean mayStay(int c, boolean inQuery) {
    return switch (c) {
      case ' ', '"', '<', '>', '\\', '^', '`', '{', '|', '}' -> false;
      case '[', ']' -> inQuery;
      default -> c < 0x7f;
    };
  }

  private static boolean isEscape(String text, int at) {
    return at + 2 < text.length()
        && Character.digit(text.charAt(at + 1), 16) >= 0
        && Character.digit(text.charAt(at + 2), 16) >= 0;
  }

  private static void escape(StringBuilder to, String character) {
    for (byte b : character.getBytes(StandardCharsets.UTF_8)) {
      to.append('%').append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
    }
  }

  /**
   * The target of a redirect.
   *
   * @param location the header's value; may be relative
   * @throws RefusedUrlException if it may not be followed
   */
  HttpUrl redirectedTo(String location) {
    HttpUrl to = resolve(location);
    if (tls && !to.tls) {
      throw new RefusedUrlException(
          "it redirects from HTTPS to HTTP, where anybody on the way can read and change the data");
    }
    return to;
  }

  private HttpUrl resolve(String location) {
    if (location.startsWith("//")) {
      return of((tls ? "https:" : "http:") + location);
    }
    if (SCHEME.matcher(location).lookingAt()) {
      return of(location);
    }
    String path = location.startsWith("/") ? location : directory() + location;
    int fragment = path.indexOf('#');
    return new HttpUrl(tls, host, port, target(fragment < 0 ? path : path.substring(0, fragment)));
  }

  /** The path up to its last slash; {@code ..} is not resolved. */
  private String directory() {
    int query = target.indexOf('?');
    String path = query < 0 ? target : target.substring(0, query);
    return path.substring(0, path.lastIndexOf('/') + 1);
  }

  /** The value of the header Host: host, and port where it is not the default. No secret. */
  public String authority() {
    String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return name + (port == (tls ? HTTPS_PORT : HTTP_PORT) ? "" : ":" + port);
  }

  /**
   * Whether its host is this machine by its very name, which no name server can make another: what
   * is sent there is read by nobody on the way.
   */
  public boolean isLoopback() {
    return isLoopback(host);
  }

  static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.equals("::1")
        || host.equals("0:0:0:0:0:0:0:1")
        || LOOPBACK.matcher(host).matches();
  }

  /** Without path and query: a signature is a secret. */
  @Override
  public String toString() {
    return "HttpUrl[" + authority() + "]";
  }
}
