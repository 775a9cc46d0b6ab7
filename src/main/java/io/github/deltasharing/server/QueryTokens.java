package io.github.deltasharing.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.config.ServerSettings;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.share.SharedTable;

/**
 * The page and refresh tokens of queries: each belongs to one table and one set of parameters.
 * Immutable, safe for use by several threads.
 */
public record QueryTokens(OpaqueTokens tokens, ServerSettings settings) {
  public static final String PAGE = "pageToken";
  public static final String REFRESH = "refreshToken";

  /** The payload of a token; a {@link ServerError} 400 when it belongs elsewhere or is old. */
  public JsonNode open(String kind, String token, SharedTable table, String fingerprint) {
    JsonNode payload = tokens.open(kind, token);
    if (!payload.path("table").asText().equals(table.key())) {
      throw ServerError.invalid(kind + " belongs to another table. Ask again without it");
    }
    if (!payload.path("query").asText().equals(fingerprint)) {
      throw ServerError.invalid(
          kind + " belongs to a query with other parameters. Send those of the first page again");
    }
    return payload;
  }

  /**
   * Makes a token.
   *
   * @param payload what the query needs to go on
   */
  public String issue(String kind, ObjectNode payload, SharedTable table, String fingerprint) {
    payload.put("table", table.key());
    payload.put("query", fingerprint);
    long ttl =
        kind.equals(PAGE) ? settings.queryTablePageTokenTtlMs() : settings.refreshTokenTtlMs();
    return tokens.issue(kind, payload, ttl);
  }
}
