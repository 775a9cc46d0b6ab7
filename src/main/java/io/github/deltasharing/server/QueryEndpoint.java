package io.github.deltasharing.server;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers queries: the files of a version of a table. Safe for use by several threads. */
final class QueryEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(QueryEndpoint.class);
  private static final String PAGE = "pageToken";
  private static final String REFRESH = "refreshToken";

  private final TableVersions versions;
  private final ServerSettings settings;
  private final UrlSigner signer;
  private final OpaqueTokens tokens;
  private final Clock clock;

  QueryEndpoint(
      TableVersions versions,
      ServerSettings settings,
      UrlSigner signer,
      OpaqueTokens tokens,
      Clock clock) {
    this.versions = versions;
    this.settings = settings;
    this.signer = signer;
    this.tokens = tokens;
    this.clock = clock;
  }

  void query(
      SharedTable table, Request request, QueryRequest query, Response response, Callback callback)
      throws IOException {
    ClientCapabilities client = TableEndpoints.capabilities(request);
    Optional<JsonNode> page =
        query.pageToken().map(token -> open(PAGE, token, table, query.fingerprint()));
    TableSnapshot snapshot = snapshot(table, query, page);
    AnswerFormat format = AnswerFormat.negotiate(snapshot, client);
    TableEndpoints.head(request, response, snapshot, client, format);
    QueryHints hints = QueryHints.of(query, snapshot, settings);
    FileUrls urls =
        new FileUrls(
            signer,
            origin(request),
            table,
            clock.instant().plusSeconds(settings.preSignedUrlTimeoutSeconds()));
    NdjsonAnswer answer = new NdjsonAnswer(response);
    Answering answering =
        new Answering(query, client, snapshot, ActionWriter.of(format), hints, urls, answer);
    try {
      answering.run(page);
    } catch (RuntimeException e) {
      if (!answer.started()) {
        throw e;
      }
      failLate(request, answer, client, callback, e);
      return;
    }
    Exchange.of(request).files(answering.files, answering.skipped);
    answer.finish();
    callback.succeeded();
  }

  /** The status is out: says so in the last line, and to clients that don't look, breaks off. */
  private static void failLate(
      Request request,
      NdjsonAnswer answer,
      ClientCapabilities client,
      Callback callback,
      RuntimeException failure)
      throws IOException {
    Exchange exchange = Exchange.of(request);
    exchange.errorCode(ServerError.INTERNAL_ERROR);
    LOG.error("Request {} failed half-way", exchange.requestId(), failure);
    String message =
        failure instanceof ServerError
            ? failure.getMessage()
            : "The server failed while it answered (request " + exchange.requestId() + ")";
    JsonGenerator json = answer.json();
    json.writeStartObject();
    json.writeObjectFieldStart("endStreamAction");
    json.writeStringField("errorMessage", message);
    json.writeEndObject();
    json.writeEndObject();
    answer.endLine();
    if (client.includeEndStreamAction()) {
      answer.finish();
      callback.succeeded();
    } else {
      answer.flush();
      callback.failed(failure);
    }
  }

  private TableSnapshot snapshot(SharedTable table, QueryRequest query, Optional<JsonNode> page) {
    if (page.isPresent()) {
      return versions.pinned(table, page.get().path("version").asLong());
    }
    if (query.refreshToken().isPresent()) {
      JsonNode refresh = open(REFRESH, query.refreshToken().get(), table, "");
      return versions.pinned(table, refresh.path("version").asLong());
    }
    return versions.find(table, query.version(), query.timestamp());
  }

  private JsonNode open(String kind, String token, SharedTable table, String fingerprint) {
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

  private String issue(
      String kind, TableSnapshot snapshot, String fingerprint, Optional<Position> position) {
    var payload = OpaqueTokens.payload();
    payload.put("table", snapshot.table().key());
    payload.put("version", snapshot.version());
    payload.put("query", fingerprint);
    position.ifPresent(p -> payload.put("after", p.path()).put("rows", p.rows()));
    long ttl =
        kind.equals(PAGE) ? settings.queryTablePageTokenTtlMs() : settings.refreshTokenTtlMs();
    return tokens.issue(kind, payload, ttl);
  }

  /** Scheme by the connection, authority as the client named it. */
  private static String origin(Request request) {
    String host = Request.getServerName(request);
    int port = Request.getServerPort(request);
    boolean standard = port == (request.isSecure() ? 443 : 80);
    return (request.isSecure() ? "https://" : "http://") + host + (standard ? "" : ":" + port);
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
      writer.protocol(answer.json(), snapshot);
      answer.endLine();
      writer.metadata(answer.json(), snapshot, query.asksForVersion());
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
          issue(PAGE, snapshot, query.fingerprint(), Optional.of(new Position(last, seen))));
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
      if (client.includeEndStreamAction() || query.includeRefreshToken()) {
        json.writeStringField("refreshToken", issue(REFRESH, snapshot, "", Optional.empty()));
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
