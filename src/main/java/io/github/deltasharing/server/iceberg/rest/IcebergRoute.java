/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg.rest;

import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.http.PathTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An endpoint of the Iceberg REST catalog protocol and the names in the path that led to it.
 * Immutable.
 *
 * @param endpoint which endpoint
 * @param names share, schema, table and what is behind them, as many as the endpoint has
 */
record IcebergRoute(Endpoint endpoint, List<String> names) {
  private static final Set<String> READS = Set.of("GET", "HEAD");

  /** The endpoints: method and path, in which braces stand for a name. */
  enum Endpoint {
    CONFIG("icebergConfig", "GET", "v1/config"),
    LIST_NAMESPACES("icebergListNamespaces", "GET", "v1/{}/namespaces"),
    LOAD_NAMESPACE("icebergLoadNamespace", "GET", "v1/{}/namespaces/{}"),
    NAMESPACE_EXISTS("icebergNamespaceExists", "HEAD", "v1/{}/namespaces/{}"),
    LIST_TABLES("icebergListTables", "GET", "v1/{}/namespaces/{}/tables"),
    LOAD_TABLE("icebergLoadTable", "GET", "v1/{}/namespaces/{}/tables/{}"),
    TABLE_EXISTS("icebergTableExists", "HEAD", "v1/{}/namespaces/{}/tables/{}"),
    CREDENTIALS("icebergCredentials", "GET", "v1/{}/namespaces/{}/tables/{}/credentials"),
    SIGN("icebergSign", "POST", "v1/{}/namespaces/{}/tables/{}/sign"),
    SIGN_STATE("icebergSign", "POST", "v1/{}/namespaces/{}/tables/{}/sign/{}"),
    METRICS("icebergMetrics", "POST", "v1/{}/namespaces/{}/tables/{}/metrics"),
    LIST_VIEWS("icebergListViews", "GET", "v1/{}/namespaces/{}/views");

    private final String logName;
    private final String method;

    @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable
    private final PathTemplate path;

    Endpoint(String logName, String method, String path) {
      this.logName = logName;
      this.method = method;
      this.path = PathTemplate.of(path);
    }

    String logName() {
      return logName;
    }

    /** Whether it is answered from the lists of what is shared alone. */
    boolean isLight() {
      return switch (this) {
        case CONFIG, LIST_NAMESPACES, LOAD_NAMESPACE, NAMESPACE_EXISTS, METRICS, LIST_VIEWS -> true;
        default -> false;
      };
    }
  }

  /** The endpoints as {@code /v1/config} names them; others are not in the specification. */
  static List<String> published() {
    List<String> names = List.of("{prefix}", "{namespace}", "{table}");
    List<String> published = new ArrayList<>();
    for (Endpoint endpoint : Endpoint.values()) {
      String path = endpoint.path.toString();
      for (String name : names) {
        path = path.replaceFirst("\\{}", name.replace("{", "\\{"));
      }
      if (endpoint != Endpoint.CONFIG && !path.endsWith("{}")) {
        published.add(endpoint.method + " /" + path);
      }
    }
    return published;
  }

  String share() {
    return names.get(0);
  }

  String namespace() {
    return names.get(1);
  }

  String table() {
    return names.get(2);
  }

  boolean hasTable() {
    return names.size() > 2;
  }

  /** Whether it signs requests. */
  boolean signs() {
    return endpoint == Endpoint.SIGN || endpoint == Endpoint.SIGN_STATE;
  }

  /** Which state of the table requests are signed of: that of the path, or of the request. */
  String state(Optional<SignBody> wanted) {
    return endpoint == Endpoint.SIGN_STATE ? names.get(3) : wanted.map(SignBody::state).orElse("");
  }

  /** Share, schema and table, as many as the endpoint has. */
  List<String> tableNames() {
    return names.subList(0, Math.min(names.size(), 3));
  }

  /**
   * Finds the endpoint of a path's segments.
   *
   * @throws ServerError 403 for what would change the catalog, 404 or 405 when there is none
   */
  static IcebergRoute find(String method, List<String> segments) {
    boolean found = false;
    for (Endpoint endpoint : Endpoint.values()) {
      Optional<List<String>> names = endpoint.path.match(segments);
      if (names.isPresent() && endpoint.method.equals(method)) {
        return new IcebergRoute(endpoint, names.get());
      }
      found |= names.isPresent();
    }
    if (!READS.contains(method)) {
      throw ServerError.forbidden(
          "The catalog of a share can only be read. Ask the provider to change the table");
    }
    if (found) {
      throw new ServerError(
          405, ServerError.UNSUPPORTED_OPERATION, "This endpoint is not served to " + method);
    }
    throw ServerError.notFound(
        "There is no such endpoint. Check the 'icebergEndpoint' of the profile");
  }
}
