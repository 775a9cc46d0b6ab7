/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.http;

import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Sends requests to what is mounted at the start of their paths; others go on to another handler.
 * Safe for use by several threads.
 */
public final class PathRouter extends Handler.Wrapper {
  /** What serves all that is below a path. Safe for use by several threads. */
  @FunctionalInterface
  public interface Mount {
    /**
     * Serves a request, and completes the callback or throws.
     *
     * @param rest the path behind the mount's, without the slash between them, not decoded
     */
    void handle(String rest, Request request, Response response, Callback callback)
        throws Exception;
  }

  private final Map<String, Mount> mounts = new TreeMap<>();

  /**
   * Mounts handlers.
   *
   * @param others takes all other requests
   * @param mounts by paths that begin with a slash and do not end with one; none is below another
   */
  public PathRouter(Handler others, Map<String, Mount> mounts) {
    super(others);
    this.mounts.putAll(mounts);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = request.getHttpURI().getPath();
    if (path != null) {
      for (Map.Entry<String, Mount> mount : mounts.entrySet()) {
        String at = mount.getKey();
        if (path.startsWith(at)
            && (path.length() == at.length() || path.charAt(at.length()) == '/')) {
          String rest = path.substring(Math.min(path.length(), at.length() + 1));
          RequestFailures.guard(
              request,
              response,
              callback,
              () -> mount.getValue().handle(rest, request, response, callback));
          return true;
        }
      }
    }
    return super.handle(request, response, callback);
  }
}
