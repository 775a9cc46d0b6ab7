/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.api;

import io.github.deltasharing.protocol.Capabilities;
import io.github.deltasharing.protocol.EndStreamAction;
import io.github.deltasharing.protocol.FileIdScheme;
import io.github.deltasharing.protocol.FormatNegotiation;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.PageToken;
import io.github.deltasharing.protocol.Protocol;
import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.protocol.codec.PageTokenCodec;
import io.github.deltasharing.server.auth.Principal;
import io.github.deltasharing.server.config.ServerSettings;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.http.ClientPresence;
import io.github.deltasharing.server.http.RequestContext;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.storage.FileUrls;
import io.github.deltasharing.server.storage.UrlIssuer;
import io.github.deltasharing.source.TableFile;
import io.github.deltasharing.source.TableFileIterator;
import io.github.deltasharing.source.TableSnapshot;
import io.github.deltasharing.source.index.FileSelection;
import io.github.deltasharing.source.index.IndexedFiles;
import io.github.deltasharing.source.index.IndexedSnapshot;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Serves queries: the files of a version of a table. Safe for use by several threads. */
final class QueryEndpoint {
  private final TableVersions versions;
  private final ServerSettings settings;
  private final UrlIssuer issuer;
  private final QueryTokens tokens;
  private final HintBudget hintBudget;

  QueryEndpoint(
      TableVersions versions,
      ServerSettings settings,
      UrlIssuer issuer,
      QueryTokens tokens,
      HintBudget hintBudget) {
    this.versions = versions;
    this.settings = settings;
    this.issuer = issuer;
    this.tokens = tokens;
    this.hintBudget = hintBudget;
  }

  void query(
      SharedTable table, Request request, QueryBody query, Response response, Callback callback)
      throws IOException {
    TableSnapshot snapshot = snapshot(principal(request), table, query);
    respond(table, snapshot, request, query, response, callback);
  }

  /** Sends the files of a version that was found for the query. */
  void respond(
      SharedTable table,
      TableSnapshot found,
      Request request,
      QueryBody query,
      Response response,
      Callback callback)
      throws IOException {
    Capabilities client = TableEndpoints.capabilities(request);
    TableSnapshot snapshot = TableEndpoints.readable(found, client);
    Optional<PageToken.OfQuery> page = page(principal(request), table, query);
    Protocol protocol = snapshot.protocol();
    Metadata metadata =
        TableEndpoints.metadata(table, snapshot, query.namesVersion() ? snapshot.version() : null);
    ResponseFormat format =
        TableEndpoints.format(table, FormatNegotiation.readerFeatures(protocol, metadata), client);
    TableEndpoints.head(request, response, snapshot.version(), client, format);
    QueryHints hints =
        QueryHints.of(
            query,
            snapshot,
            settings,
            hintBudget.start(FileIdScheme.OWN.id(table.key() + "\n" + query.fingerprint())),
            new ClientPresence(request));
    FileUrls urls = issuer.start(request, table);
    NdjsonResponse ndjson = new NdjsonResponse(response, format);
    ResponseLines lines =
        new ResponseLines(principal(request), table, query, client, snapshot, hints, urls, ndjson);
    try {
      ndjson.lines().protocol(protocol);
      ndjson.lines().metadata(metadata);
      lines.run(page);
    } catch (RuntimeException e) {
      if (!ndjson.started()) {
        throw e;
      }
      LateFailure.send(request, ndjson, client, callback, e);
      return;
    }
    RequestContext.of(request).files(lines.files, lines.skipped);
    ndjson.finish();
    callback.succeeded();
  }

  private Optional<PageToken.OfQuery> page(
      Principal principal, SharedTable table, QueryBody query) {
    return query
        .pageToken()
        .map(
            token ->
                tokens.open(
                    PageTokenCodec.QUERY_PAGE, principal, token, table, query.fingerprint()));
  }

  private static Principal principal(Request request) {
    return RequestContext.of(request).principal();
  }

  /** The version that a query is about; a {@link ServerError} 400 when there is none such. */
  TableSnapshot snapshot(Principal principal, SharedTable table, QueryBody query) {
    Optional<PageToken.OfQuery> page = page(principal, table, query);
    if (page.isPresent()) {
      long version = page.get().version();
      String state = page.get().state();
      return query.namesVersion()
          ? versions.pinnedHistory(table, version, state)
          : versions.pinned(table, version, state);
    }
    if (query.refreshToken().isPresent()) {
      PageToken.OfRefresh refresh =
          tokens.open(PageTokenCodec.REFRESH, principal, query.refreshToken().get(), table, "");
      return versions.pinned(table, refresh.version());
    }
    return versions.find(table, query.version(), query.timestamp());
  }

  /** Writes the lines of one response. */
  private final class ResponseLines {
    private final Principal principal;
    private final SharedTable table;
    private final QueryBody query;
    private final Capabilities client;
    private final TableSnapshot snapshot;
    private final QueryHints hints;
    private final SignedFiles signed;
    private final NdjsonResponse ndjson;

    /** Of the files, if the query names a version or a time. */
    private final Long version;

    private final Long timestamp;
    private long files;
    private long skipped;

    ResponseLines(
        Principal principal,
        SharedTable table,
        QueryBody query,
        Capabilities client,
        TableSnapshot snapshot,
        QueryHints hints,
        FileUrls urls,
        NdjsonResponse ndjson) {
      this.principal = principal;
      this.table = table;
      this.query = query;
      this.client = client;
      this.snapshot = snapshot;
      this.hints = hints;
      this.signed = new SignedFiles(urls);
      this.ndjson = ndjson;
      this.version = query.namesVersion() ? snapshot.version() : null;
      this.timestamp = query.namesVersion() ? snapshot.timestamp() : null;
    }

    void run(Optional<PageToken.OfQuery> page) throws IOException {
      boolean paged = query.maxFiles().isPresent() || page.isPresent();
      OptionalLong limit = limit(page);
      Optional<String> nextPage = Optional.empty();
      if (paged || limit.isPresent()) {
        nextPage = somePage(page, paged, limit);
      } else {
        allFiles();
      }
      if (client.endStreamAction() || query.includeRefreshToken() || paged) {
        endStreamAction(nextPage);
      }
    }

    /** A limit counts all rows of a file, which is wrong when a filter drops some of them. */
    private OptionalLong limit(Optional<PageToken.OfQuery> page) {
      if (query.limitHint().isEmpty()
          || !query.predicateHints().isEmpty()
          || query.jsonPredicateHints().isPresent()) {
        return OptionalLong.empty();
      }
      long seen = page.map(PageToken.OfQuery::rows).orElse(0L);
      return OptionalLong.of(query.limitHint().getAsLong() - seen);
    }

    private void allFiles() throws IOException {
      try (IndexedFiles indexed = IndexedSnapshot.index(snapshot).orElse(null)) {
        if (indexed != null) {
          writeAll(select(indexed));
          return;
        }
      }
      try (TableFileIterator all = snapshot.files()) {
        while (all.hasNext()) {
          TableFile file = all.next();
          if (hints.mayMatch(file)) {
            write(file);
          } else {
            skipped++;
          }
        }
      }
    }

    private FileSelection select(IndexedFiles indexed) {
      FileSelection wanted = indexed.select(hints);
      skipped += indexed.count() - wanted.count();
      return wanted;
    }

    private void writeAll(FileSelection wanted) throws IOException {
      try (TableFileIterator all = wanted.files()) {
        while (all.hasNext()) {
          write(all.next());
        }
      }
    }

    private Optional<String> somePage(
        Optional<PageToken.OfQuery> page, boolean paged, OptionalLong limit) throws IOException {
      Optional<String> after = page.map(PageToken.OfQuery::after);
      long size =
          paged
              ? Math.min(
                  query.maxFiles().orElse(Long.MAX_VALUE), settings.queryTablePageSizeLimit())
              : Long.MAX_VALUE;
      try (IndexedFiles indexed = IndexedSnapshot.index(snapshot).orElse(null)) {
        if (indexed != null) {
          IndexPage found = new IndexPage(select(indexed), after, limit);
          found.write(size, this::write);
          skipped += found.overLimit();
          return found.hasMore()
              ? Optional.of(nextPage(page, found.last(), found.rowCount()))
              : Optional.empty();
        }
      }
      FilePage picked = new FilePage(after, size, limit);
      try (TableFileIterator all = snapshot.files()) {
        while (all.hasNext()) {
          TableFile file = all.next();
          if (hints.mayMatch(file)) {
            picked.offer(file);
          } else {
            skipped++;
          }
        }
      }
      skipped += picked.overLimit();
      List<TableFile> chosen = picked.files();
      for (TableFile file : chosen) {
        write(file);
      }
      return picked.hasMore()
          ? Optional.of(
              nextPage(page, chosen.get(chosen.size() - 1).relativePath(), picked.rowCount()))
          : Optional.empty();
    }

    private String nextPage(Optional<PageToken.OfQuery> page, String last, long rows) {
      long seen = page.map(PageToken.OfQuery::rows).orElse(0L) + rows;
      return tokens.page(
          PageTokenCodec.QUERY_PAGE,
          principal,
          new PageToken.OfQuery(
              table.identity(),
              query.fingerprint(),
              snapshot.version(),
              snapshot.state(),
              last,
              seen));
    }

    private void write(TableFile file) throws IOException {
      ndjson.lines().file(signed.ofSnapshot(file, version, timestamp));
      files++;
    }

    private void endStreamAction(Optional<String> nextPage) throws IOException {
      String refreshToken =
          query.includeRefreshToken()
              ? tokens.refresh(
                  principal, new PageToken.OfRefresh(table.identity(), snapshot.version()))
              : null;
      ndjson
          .lines()
          .endStream(
              EndStreamAction.ofPage(refreshToken, nextPage.orElse(null), signed.firstExpiry()));
    }
  }
}
