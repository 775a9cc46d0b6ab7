package io.github.deltasharing.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.server.AnswerFormat;
import io.github.deltasharing.server.ChangeLines;
import io.github.deltasharing.server.ClientCapabilities;
import io.github.deltasharing.server.NdjsonAnswer;
import io.github.deltasharing.server.OpaqueTokens;
import io.github.deltasharing.server.QueryTokens;
import io.github.deltasharing.server.config.ServerSettings;
import io.github.deltasharing.server.delta.TableChanges;
import io.github.deltasharing.server.delta.TableSnapshot;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.http.Exchange;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.storage.UrlIssuer;
import io.github.deltasharing.server.table.ChangeRange;
import io.github.deltasharing.server.table.TableVersions;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeSet;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Answers requests for changes: the change data feed of a table, and the files that its commits
 * added and removed. Safe for use by several threads.
 */
public final class ChangesEndpoint {
  private final TableVersions versions;
  private final ServerSettings settings;
  private final UrlIssuer issuer;
  private final QueryTokens tokens;

  public ChangesEndpoint(
      TableVersions versions, ServerSettings settings, UrlIssuer issuer, QueryTokens tokens) {
    this.versions = versions;
    this.settings = settings;
    this.issuer = issuer;
    this.tokens = tokens;
  }

  void answer(
      SharedTable table,
      Request request,
      ChangesRequest asked,
      Response response,
      Callback callback)
      throws IOException {
    ClientCapabilities client = TableEndpoints.capabilities(request);
    Optional<JsonNode> page =
        asked
            .pageToken()
            .map(token -> tokens.open(QueryTokens.PAGE, token, table, asked.fingerprint()));
    ChangeRange range =
        page.map(ChangesEndpoint::range).orElseGet(() -> versions.range(table, asked));
    TableChanges changes = versions.changes(table, range);
    TableSnapshot head = head(table, asked, changes, page);
    if (asked.feed()) {
      requireFeed(table, changes);
    }
    AnswerFormat format = AnswerFormat.negotiate(table, features(changes, head), client);
    TableEndpoints.head(request, response, range.start(), client, format);
    NdjsonAnswer answer = new NdjsonAnswer(response);
    ChangeLines lines =
        new ChangeLines(answer, format, asked, issuer.start(request, table), pageSize(asked, page));
    try {
      lines.head(head);
      changes.visit(
          asked.feed(),
          page.map(p -> p.path("version").asLong()).orElse(range.start()),
          page.map(p -> p.path("position").asInt()).orElse(0),
          lines);
      if (client.includeEndStreamAction() || lines.isPaged()) {
        lines.end(lines.nextPage().map(place -> issue(head, asked, range, place)));
      }
    } catch (RuntimeException e) {
      if (!answer.started()) {
        throw e;
      }
      LateFailure.answer(request, answer, client, callback, e);
      return;
    }
    Exchange.of(request).files(lines.files(), 0);
    answer.finish();
    callback.succeeded();
  }

  /**
   * What the answer starts with. Clients that get no later metadata read all the changes by one
   * schema, and that is the latest one in Delta Lake.
   */
  private TableSnapshot head(
      SharedTable table, ChangesRequest asked, TableChanges changes, Optional<JsonNode> page) {
    if (page.isPresent()) {
      return versions.pinned(table, page.get().path("head").asLong());
    }
    return asked.includeHistoricalMetadata() ? changes.head() : versions.latest(table);
  }

  private static Collection<String> features(TableChanges changes, TableSnapshot head) {
    Collection<String> features = new TreeSet<>(changes.survey().readerFeatures());
    features.addAll(AnswerFormat.readerFeatures(head.protocol(), head.metadata()));
    return features;
  }

  private static void requireFeed(SharedTable table, TableChanges changes) {
    if (changes.survey().firstWithoutFeed().isPresent()) {
      throw ServerError.invalid(
          "Cannot read changes of %s: its version %d records no change data. Ask for versions in"
                  .formatted(table.fullName(), changes.survey().firstWithoutFeed().getAsLong())
              + " which the table has delta.enableChangeDataFeed, or ask the provider to set it");
    }
  }

  private long pageSize(ChangesRequest asked, Optional<JsonNode> page) {
    boolean paged = asked.maxFiles().isPresent() || page.isPresent();
    return paged
        ? Math.min(asked.maxFiles().orElse(Long.MAX_VALUE), settings.queryTablePageSizeLimit())
        : Long.MAX_VALUE;
  }

  private static ChangeRange range(JsonNode page) {
    return new ChangeRange(page.path("start").asLong(), page.path("end").asLong());
  }

  private String issue(
      TableSnapshot head, ChangesRequest asked, ChangeRange range, ChangeLines.Place place) {
    var payload = OpaqueTokens.payload();
    payload.put("start", range.start()).put("end", range.end()).put("head", head.version());
    payload.put("version", place.version()).put("position", place.position());
    return tokens.issue(QueryTokens.PAGE, payload, head.table(), asked.fingerprint());
  }
}
