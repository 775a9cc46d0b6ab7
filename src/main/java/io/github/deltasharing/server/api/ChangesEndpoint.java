/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.api;

import io.github.deltasharing.protocol.Capabilities;
import io.github.deltasharing.protocol.FormatNegotiation;
import io.github.deltasharing.protocol.PageToken;
import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.protocol.codec.PageTokenCodec;
import io.github.deltasharing.server.auth.Principal;
import io.github.deltasharing.server.config.ServerSettings;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.http.RequestContext;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.storage.UrlIssuer;
import io.github.deltasharing.source.TableChanges;
import io.github.deltasharing.source.TableSnapshot;
import io.github.deltasharing.source.VersionRange;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeSet;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Serves changes: the change data feed of a table, and the files that its commits added and
 * removed. Safe for use by several threads.
 */
final class ChangesEndpoint {
  private final TableVersions versions;
  private final ServerSettings settings;
  private final UrlIssuer issuer;
  private final QueryTokens tokens;

  ChangesEndpoint(
      TableVersions versions, ServerSettings settings, UrlIssuer issuer, QueryTokens tokens) {
    this.versions = versions;
    this.settings = settings;
    this.issuer = issuer;
    this.tokens = tokens;
  }

  void respond(
      SharedTable table,
      Request request,
      ChangesParameters parameters,
      Response response,
      Callback callback)
      throws IOException {
    Capabilities client = TableEndpoints.capabilities(request);
    Principal principal = RequestContext.of(request).principal();
    Optional<PageToken.OfChanges> page =
        parameters
            .pageToken()
            .map(
                token ->
                    tokens.open(
                        PageTokenCodec.CHANGES_PAGE,
                        principal,
                        token,
                        table,
                        parameters.fingerprint()));
    VersionRange range =
        page.map(pinned -> versions.pinnedRange(table, parameters, range(pinned)))
            .orElseGet(() -> versions.range(table, parameters));
    TableChanges changes = TableEndpoints.readable(versions.changes(table, range), client);
    TableSnapshot head = TableEndpoints.readable(head(table, parameters, changes, page), client);
    if (parameters.feed()) {
      requireFeed(table, changes);
    }
    ResponseFormat format = TableEndpoints.format(table, features(changes, head), client);
    TableEndpoints.head(request, response, range.start(), client, format);
    NdjsonResponse ndjson = new NdjsonResponse(response, format);
    ChangeLines lines =
        new ChangeLines(
            table,
            ndjson.lines(),
            format,
            parameters,
            issuer.start(request, table),
            pageSize(parameters, page));
    try {
      lines.head(head, changes.protocol(head));
      changes.visit(
          parameters.feed(),
          page.map(PageToken.OfChanges::version).orElse(range.start()),
          page.map(PageToken.OfChanges::position).orElse(0),
          lines);
      if (client.endStreamAction() || lines.isPaged()) {
        lines.end(
            lines
                .nextPage()
                .map(
                    place ->
                        tokens.page(
                            PageTokenCodec.CHANGES_PAGE,
                            principal,
                            token(table, head, parameters, range, place))));
      }
    } catch (RuntimeException e) {
      if (!ndjson.started()) {
        throw e;
      }
      LateFailure.send(request, ndjson, client, callback, e);
      return;
    }
    RequestContext.of(request).files(lines.files(), 0);
    ndjson.finish();
    callback.succeeded();
  }

  /**
   * What the response starts with. Clients that get no later metadata read all the changes by one
   * schema, and that is the latest one in Delta Lake.
   */
  private TableSnapshot head(
      SharedTable table,
      ChangesParameters parameters,
      TableChanges changes,
      Optional<PageToken.OfChanges> page) {
    if (page.isPresent()) {
      return versions.pinned(table, page.get().head(), page.get().state());
    }
    return parameters.includeHistoricalMetadata() ? changes.head() : versions.latest(table);
  }

  private static Collection<String> features(TableChanges changes, TableSnapshot head) {
    Collection<String> features = new TreeSet<>(changes.readerFeatures());
    features.addAll(FormatNegotiation.readerFeatures(head.protocol(), head.metadata()));
    return features;
  }

  private static void requireFeed(SharedTable table, TableChanges changes) {
    if (changes.firstWithoutFeed().isPresent()) {
      throw ServerError.invalid(
          "Cannot read changes of %s: its version %d records no change data. Ask for versions in"
                  .formatted(table.fullName(), changes.firstWithoutFeed().getAsLong())
              + " which the table has delta.enableChangeDataFeed, or ask the provider to set it");
    }
  }

  private long pageSize(ChangesParameters parameters, Optional<PageToken.OfChanges> page) {
    boolean paged = parameters.maxFiles().isPresent() || page.isPresent();
    return paged
        ? Math.min(parameters.maxFiles().orElse(Long.MAX_VALUE), settings.queryTablePageSizeLimit())
        : Long.MAX_VALUE;
  }

  private static VersionRange range(PageToken.OfChanges page) {
    return new VersionRange(page.start(), page.end());
  }

  private static PageToken.OfChanges token(
      SharedTable table,
      TableSnapshot head,
      ChangesParameters parameters,
      VersionRange range,
      ChangeLines.Place place) {
    return new PageToken.OfChanges(
        table.identity(),
        parameters.fingerprint(),
        range.start(),
        range.end(),
        head.version(),
        head.state(),
        place.version(),
        place.position());
  }
}
