/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.admin;

import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.http.PathTemplate;
import io.github.deltasharing.server.store.AdminRole;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * An endpoint of the admin API and the names in the path that led to it. Immutable.
 *
 * @param endpoint which endpoint
 * @param names the names in the path
 */
record AdminRoute(Endpoint endpoint, List<String> names) {

  /** The endpoints: who may use them, method and path, in which braces stand for a name. */
  enum Endpoint {
    CREATE_SHARE(AdminRole.EDITOR, "POST", "shares"),
    LIST_SHARES(AdminRole.VIEWER, "GET", "shares"),
    GET_SHARE(AdminRole.VIEWER, "GET", "shares/{}"),
    UPDATE_SHARE(AdminRole.EDITOR, "PATCH", "shares/{}"),
    DELETE_SHARE(AdminRole.EDITOR, "DELETE", "shares/{}"),
    LIST_TABLES(AdminRole.VIEWER, "GET", "shares/{}/tables"),
    GET_TABLE(AdminRole.VIEWER, "GET", "shares/{}/tables/{}/{}"),
    PREVIEW_TABLE(AdminRole.VIEWER, "GET", "shares/{}/tables/{}/{}/preview"),
    GET_PERMISSIONS(AdminRole.VIEWER, "GET", "shares/{}/permissions"),
    UPDATE_PERMISSIONS(AdminRole.EDITOR, "PATCH", "shares/{}/permissions"),
    CREATE_RECIPIENT(AdminRole.EDITOR, "POST", "recipients"),
    LIST_RECIPIENTS(AdminRole.VIEWER, "GET", "recipients"),
    GET_RECIPIENT(AdminRole.VIEWER, "GET", "recipients/{}"),
    UPDATE_RECIPIENT(AdminRole.EDITOR, "PATCH", "recipients/{}"),
    DELETE_RECIPIENT(AdminRole.EDITOR, "DELETE", "recipients/{}"),
    ROTATE_RECIPIENT_TOKEN(AdminRole.EDITOR, "POST", "recipients/{}/rotate-token"),
    GET_SHARE_PERMISSIONS(AdminRole.VIEWER, "GET", "recipients/{}/share-permissions"),
    CREATE_PUBLICATION(AdminRole.EDITOR, "POST", "publications"),
    LIST_PUBLICATIONS(AdminRole.VIEWER, "GET", "publications"),
    GET_PUBLICATION(AdminRole.VIEWER, "GET", "publications/{}"),
    DELETE_PUBLICATION(AdminRole.EDITOR, "DELETE", "publications/{}"),
    GET_SNIPPETS(AdminRole.VIEWER, "GET", "publications/{}/snippets"),
    GET_SET_ASIDE(AdminRole.EDITOR, "GET", "publications/{}/set-aside"),
    LIST_AUDIT_EVENTS(AdminRole.ADMIN, "GET", "audit-events"),
    GET_USAGE(AdminRole.VIEWER, "GET", "usage"),
    CREATE_PRINCIPAL(AdminRole.ADMIN, "POST", "principals"),
    LIST_PRINCIPALS(AdminRole.ADMIN, "GET", "principals"),
    GET_PRINCIPAL(AdminRole.ADMIN, "GET", "principals/{}"),
    UPDATE_PRINCIPAL(AdminRole.ADMIN, "PATCH", "principals/{}"),
    DELETE_PRINCIPAL(AdminRole.ADMIN, "DELETE", "principals/{}"),
    ROTATE_PRINCIPAL_TOKEN(AdminRole.ADMIN, "POST", "principals/{}/rotate-token"),
    RELOAD(AdminRole.ADMIN, "POST", "reload");

    private final AdminRole role;
    private final String method;

    @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable
    private final PathTemplate path;

    Endpoint(AdminRole role, String method, String path) {
      this.role = role;
      this.method = method;
      this.path = PathTemplate.of(path);
    }

    String method() {
      return method;
    }

    String path() {
      return path.toString();
    }

    /** The least that a principal must be. */
    AdminRole role() {
      return role;
    }

    /** The name in the access log. */
    String logName() {
      StringBuilder name = new StringBuilder("admin");
      for (String word : name().toLowerCase(java.util.Locale.ROOT).split("_", -1)) {
        name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
      }
      return name.toString();
    }
  }

  /**
   * The endpoint of a method and a path's segments.
   *
   * @throws ServerError 404 when nothing has the path, 405 when it takes other methods
   */
  static AdminRoute find(String method, List<String> segments) {
    for (Endpoint endpoint : Endpoint.values()) {
      Optional<List<String>> names = endpoint.path.match(segments);
      if (names.isPresent() && endpoint.method.equals(method)) {
        return new AdminRoute(endpoint, names.get());
      }
    }
    Set<String> others = methods(segments);
    if (others.isEmpty()) {
      throw ServerError.notFound("The admin API has no such endpoint");
    }
    throw new ServerError(
        405,
        ServerError.UNSUPPORTED_OPERATION,
        "This endpoint is served to " + String.join(", ", others) + " only");
  }

  /** The methods that a path's segments are served to; none if nothing has the path. */
  static Set<String> methods(List<String> segments) {
    TreeSet<String> methods = new TreeSet<>();
    for (Endpoint endpoint : Endpoint.values()) {
      if (endpoint.path.match(segments).isPresent()) {
        methods.add(endpoint.method);
      }
    }
    return methods;
  }
}
