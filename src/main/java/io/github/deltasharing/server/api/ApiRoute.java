/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.api;

import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.http.PathTemplate;
import java.util.List;
import java.util.Optional;

/**
 * An endpoint and the names in the path that led to it. Immutable.
 *
 * @param endpoint which endpoint
 * @param names share, schema, table and query, as many as the endpoint has
 */
record ApiRoute(Endpoint endpoint, List<String> names) {

  /** The endpoints: method and path, in which braces stand for a name. */
  enum Endpoint {
    LIST_SHARES("listShares", "GET", "shares"),
    GET_SHARE("getShare", "GET", "shares/{}"),
    LIST_SCHEMAS("listSchemas", "GET", "shares/{}/schemas"),
    LIST_ALL_TABLES("listAllTables", "GET", "shares/{}/all-tables"),
    LIST_TABLES("listTables", "GET", "shares/{}/schemas/{}/tables"),
    VERSION_BY_HEAD("version", "HEAD", "shares/{}/schemas/{}/tables/{}"),
    GET_TABLE("getTable", "GET", "shares/{}/schemas/{}/tables/{}"),
    VERSION("version", "GET", "shares/{}/schemas/{}/tables/{}/version"),
    METADATA("metadata", "GET", "shares/{}/schemas/{}/tables/{}/metadata"),
    POLL("poll", "POST", "shares/{}/schemas/{}/tables/{}/queries/{}"),
    QUERY("query", "POST", "shares/{}/schemas/{}/tables/{}/query"),
    CHANGES("changes", "GET", "shares/{}/schemas/{}/tables/{}/changes"),
    CREDENTIALS(
        "credentials", "POST", "shares/{}/schemas/{}/tables/{}/temporary-table-credentials");

    private final String logName;
    private final String method;

    @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable
    private final PathTemplate path;

    Endpoint(String logName, String method, String path) {
      this.logName = logName;
      this.method = method;
      this.path = PathTemplate.of(path);
    }

    /** Whether its responses hold signed URLs of a table's files. */
    boolean givesUrls() {
      return this == QUERY || this == POLL || this == CHANGES;
    }

    /** Whether its responses are made from what the table's store has. */
    boolean readsTable() {
      return this != GET_TABLE && this != CREDENTIALS;
    }

    String logName() {
      return logName;
    }

    String method() {
      return method;
    }
  }

  /** Share, schema and table, as many as the endpoint has. */
  List<String> tableNames() {
    return names.subList(0, Math.min(names.size(), 3));
  }

  /**
   * Finds the endpoint of a path's segments, that of the method where several have the path; a
   * {@link ServerError} 404 when there is none.
   */
  static ApiRoute find(String method, List<String> segments) {
    ApiRoute other = null;
    for (Endpoint endpoint : Endpoint.values()) {
      Optional<List<String>> names = endpoint.path.match(segments);
      if (names.isPresent()) {
        ApiRoute route = new ApiRoute(endpoint, names.get());
        if (endpoint.method().equals(method)) {
          return route;
        }
        other = route;
      }
    }
    if (other != null) {
      return other;
    }
    throw ServerError.notFound("There is no such endpoint. Check the 'endpoint' of the profile");
  }
}
