package io.github.deltasharing.server.api;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.delta.kernel.utils.CloseableIterator;
import io.github.deltasharing.server.ActionWriter;
import io.github.deltasharing.server.AnswerFormat;
import io.github.deltasharing.server.ClientCapabilities;
import io.github.deltasharing.server.FilePage;
import io.github.deltasharing.server.NdjsonAnswer;
import io.github.deltasharing.server.OpaqueTokens;
import io.github.deltasharing.server.QueryTokens;
import io.github.deltasharing.server.config.ServerSettings;
import io.github.deltasharing.server.delta.TableSnapshot;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.http.ClientPresence;
import io.github.deltasharing.server.http.Exchange;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.storage.FileUrls;
import io.github.deltasharing.server.storage.UrlIssuer;
import io.github.deltasharing.server.table.SharedFile;
import io.github.deltasharing.server.table.TableVersions;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers queries: the files of a version of a table. Safe for use by several threads. */
public final class QueryEndpoint {
  private final TableVersions versions;
  private final ServerSettings settings;
  private final UrlIssuer issuer;
  private final QueryTokens tokens;
  private final HintBudget hintBudget;

  public QueryEndpoint(
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
      SharedTable table, Request request, QueryRequest query, Response response, Callback callback)
      throws IOException {
    answer(snapshot(table, query), request, query, response, callback);
  }

  /** Answers with the files of a version that was found for the query. */
  void answer(
      TableSnapshot snapshot,
      Request request,
      QueryRequest query,
      Response response,
      Callback callback)
      throws IOException {
    ClientCapabilities client = TableEndpoints.capabilities(request);
    Optional<JsonNode> page = page(snapshot.table(), query);
    AnswerFormat format = AnswerFormat.negotiate(snapshot, client);
    TableEndpoints.head(request, response, snapshot.version(), client, format);
    QueryHints hints =
        QueryHints.of(query, snapshot, settings, hintBudget, new ClientPresence(request));
    FileUrls urls = issuer.start(request, snapshot.table());
    NdjsonAnswer answer = new NdjsonAnswer(response);
    Answering answering =
        new Answering(query, client, snapshot, ActionWriter.of(format), hints, urls, answer);
    try {
      answering.run(page);
    } catch (RuntimeException e) {
      if (!answer.started()) {
        throw e;
      }
      LateFailure.answer(request, answer, client, callback, e);
      return;
    }
    Exchange.of(request).files(answering.files, answering.skipped);
    answer.finish();
    callback.succeeded();
  }

  private Optional<JsonNode> page(SharedTable table, QueryRequest query) {
    return query
        .pageToken()
        .map(token -> tokens.open(QueryTokens.PAGE, token, table, query.fingerprint()));
  }

  /** The version that a query is about; a {@link ServerError} 400 when there is none such. */
  TableSnapshot snapshot(SharedTable table, QueryRequest query) {
    Optional<JsonNode> page = page(table, query);
    if (page.isPresent()) {
      return versions.pinned(table, page.get().path("version").asLong());
    }
    if (query.refreshToken().isPresent()) {
      JsonNode refresh = tokens.open(QueryTokens.REFRESH, query.refreshToken().get(), table, "");
      return versions.pinned(table, refresh.path("version").asLong());
    }
    return versions.find(table, query.version(), query.timestamp());
  }

  private String issue(
      String kind, TableSnapshot snapshot, String fingerprint, Optional<Position> position) {
    var payload = OpaqueTokens.payload();
    payload.put("version", snapshot.version());
    position.ifPresent(p -> payload.put("after", p.path()).put("rows", p.rows()));
    return tokens.issue(kind, payload, snapshot.table(), fingerprint);
  }

  /** Where a page ended. */
  private record Position(String path, long rows) {}

  /** Writes the lines of one answer. */
  private final class Answering {
    private final QueryRequest query;
    private final ClientCapabilities client;
    private final TableSnapshot snapshot;
    private final ActionWriter writer;
    private final QueryHints hints;
    private final FileUrls urls;
    private final NdjsonAnswer answer;
    private long files;
    private long skipped;

    Answering(
        QueryRequest query,
        ClientCapabilities client,
        TableSnapshot snapshot,
        ActionWriter writer,
        QueryHints hints,
        FileUrls urls,
        NdjsonAnswer answer) {
      this.query = query;
      this.client = client;
      this.snapshot = snapshot;
      this.writer = writer;
      this.hints = hints;
      this.urls = urls;
      this.answer = answer;
    }

    void run(Optional<JsonNode> page) throws IOException {
      writer.protocol(answer.json(), snapshot.protocol(), OptionalLong.empty());
      answer.endLine();
      OptionalLong version =
          query.asksForVersion() ? OptionalLong.of(snapshot.version()) : OptionalLong.empty();
      writer.metadata(answer.json(), snapshot.metadata(), version, snapshot.size());
      answer.endLine();
      boolean paged = query.maxFiles().isPresent() || page.isPresent();
      OptionalLong limit = limit(page);
      Optional<String> nextPage = Optional.empty();
      if (paged || limit.isPresent()) {
        nextPage = somePage(page, paged, limit);
      } else {
        allFiles();
      }
      if (client.includeEndStreamAction() || query.includeRefreshToken() || paged) {
        endStreamAction(nextPage);
      }
    }

    /** A limit counts all rows of a file, which is wrong when a filter drops some of them. */
    private OptionalLong limit(Optional<JsonNode> page) {
      if (query.limitHint().isEmpty()
          || !query.predicateHints().isEmpty()
          || query.jsonPredicateHints().isPresent()) {
        return OptionalLong.empty();
      }
      long seen = page.map(p -> p.path("rows").asLong()).orElse(0L);
      return OptionalLong.of(query.limitHint().getAsLong() - seen);
    }

    private void allFiles() throws IOException {
      try (CloseableIterator<SharedFile> all = snapshot.files()) {
        while (all.hasNext()) {
          SharedFile file = all.next();
          if (hints.mayMatch(file)) {
            write(file);
          } else {
            skipped++;
          }
        }
      }
    }

    private Optional<String> somePage(Optional<JsonNode> page, boolean paged, OptionalLong limit)
        throws IOException {
      Optional<String> after = page.map(p -> p.path("after").asText());
      long size =
          paged
              ? Math.min(
                  query.maxFiles().orElse(Long.MAX_VALUE), settings.queryTablePageSizeLimit())
              : Long.MAX_VALUE;
      FilePage picked = new FilePage(after, size, limit);
      try (CloseableIterator<SharedFile> all = snapshot.files()) {
        while (all.hasNext()) {
          SharedFile file = all.next();
          if (hints.mayMatch(file)) {
            picked.offer(file);
          } else {
            skipped++;
          }
        }
      }
      skipped += picked.overLimit();
      List<SharedFile> chosen = picked.files();
      for (SharedFile file : chosen) {
        write(file);
      }
      if (!picked.hasMore()) {
        return Optional.empty();
      }
      long seen = page.map(p -> p.path("rows").asLong()).orElse(0L) + picked.rowCount();
      String last = chosen.get(chosen.size() - 1).relativePath();
      return Optional.of(
          issue(
              QueryTokens.PAGE,
              snapshot,
              query.fingerprint(),
              Optional.of(new Position(last, seen))));
    }

    private void write(SharedFile file) throws IOException {
      writer.file(answer.json(), file, urls, snapshot, query.asksForVersion());
      answer.endLine();
      files++;
    }

    private void endStreamAction(Optional<String> nextPage) throws IOException {
      JsonGenerator json = answer.json();
      json.writeStartObject();
      json.writeObjectFieldStart("endStreamAction");
      if (query.includeRefreshToken()) {
        json.writeStringField(
            "refreshToken", issue(QueryTokens.REFRESH, snapshot, "", Optional.empty()));
      }
      if (nextPage.isPresent()) {
        json.writeStringField("nextPageToken", nextPage.get());
      }
      if (files > 0) {
        json.writeNumberField("minUrlExpirationTimestamp", urls.expiry().toEpochMilli());
      }
      json.writeEndObject();
      json.writeEndObject();
      answer.endLine();
    }
  }
}
