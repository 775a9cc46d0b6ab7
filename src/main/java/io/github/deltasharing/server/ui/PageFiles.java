/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.ui;

import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.http.PageHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * The files of pages, which are in the server's jar: those beside this class, and the few of
 * libraries that pages use. Browsers keep them and ask with each use whether they changed, so that
 * a page never has files of two servers. Safe for use by several threads.
 */
public final class PageFiles {
  /** Neither a step up nor a class has such a name. */
  private static final Pattern OWN =
      Pattern.compile("(?:[a-z][a-z0-9-]*/)?[a-z][a-z0-9-]*\\.(html|css|js|svg)");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  private final Map<String, String> libraries = PageLibraries.paths();
  private final Map<String, Optional<PageFile>> files = new ConcurrentHashMap<>();

  /**
   * Sends a file and completes the callback.
   *
   * @param name its path below that of the pages, not decoded
   * @throws ServerError 404 if there is none, 405 for anything but GET and HEAD
   */
  public void send(String name, Request request, Response response, Callback callback) {
    if (!HttpMethod.GET.is(request.getMethod()) && !HttpMethod.HEAD.is(request.getMethod())) {
      response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
      throw new ServerError(
          405, ServerError.UNSUPPORTED_OPERATION, "A page is served to GET and HEAD only");
    }
    PageFile file =
        find(name).orElseThrow(() -> ServerError.notFound("There is no such page. See /ui"));
    PageHeaders.add(response);
    response.getHeaders().put(HttpHeader.ETAG, file.tag());
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
    if (file.isKnownBy(request.getHeaders().get(HttpHeader.IF_NONE_MATCH))) {
      response.setStatus(304);
      response.write(true, null, callback);
      return;
    }
    response.setStatus(200);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, file.type());
    response.write(true, ByteBuffer.wrap(file.bytes()), callback);
  }

  private Optional<PageFile> find(String name) {
    String library = libraries.get(name);
    if (library == null && !OWN.matcher(name).matches()) {
      return Optional.empty();
    }
    Optional<PageFile> known = files.get(name);
    if (known == null) {
      known = load(library == null ? resource(name) : library);
      // What is not there is not kept: anybody may ask for any number of names.
      if (known.isPresent()) {
        files.put(name, known);
      }
    }
    return known;
  }

  private static String resource(String name) {
    return PageFiles.class.getPackageName().replace('.', '/') + "/" + name;
  }

  private static Optional<PageFile> load(String resource) {
    try (InputStream in = PageFiles.class.getClassLoader().getResourceAsStream(resource)) {
      return in == null
          ? Optional.empty()
          : Optional.of(
              PageFile.of(
                  in.readAllBytes(), TYPES.get(resource.substring(resource.lastIndexOf('.') + 1))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
