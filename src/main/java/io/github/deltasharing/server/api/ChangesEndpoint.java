package io.github.deltasharing.server.api;

import io.github.deltasharing.protocol.Capabilities;
import io.github.deltasharing.protocol.FormatNegotiation;
import io.github.deltasharing.protocol.PageToken;
import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.protocol.codec.PageTokenCodec;
import io.github.deltasharing.server.config.ServerSettings;
import io.github.deltasharing.server.delta.KernelActions;
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
    Capabilities client = TableEndpoints.capabilities(request);
    Optional<PageToken.OfChanges> page =
        asked
            .pageToken()
            .map(
                token ->
                    tokens.open(PageTokenCodec.CHANGES_PAGE, token, table, asked.fingerprint()));
    ChangeRange range =
        page.map(ChangesEndpoint::range).orElseGet(() -> versions.range(table, asked));
    TableChanges changes = versions.changes(table, range);
    TableSnapshot head = head(table, asked, changes, page);
    if (asked.feed()) {
      requireFeed(table, changes);
    }
    ResponseFormat format = TableEndpoints.format(table, features(changes, head), client);
    TableEndpoints.head(request, response, range.start(), client, format);
    NdjsonAnswer answer = new NdjsonAnswer(response, format);
    ChangeLines lines =
        new ChangeLines(
            answer.lines(), format, asked, issuer.start(request, table), pageSize(asked, page));
    try {
      lines.head(head);
      changes.visit(
          asked.feed(),
          page.map(PageToken.OfChanges::version).orElse(range.start()),
          page.map(PageToken.OfChanges::position).orElse(0),
          lines);
      if (client.endStreamAction() || lines.isPaged()) {
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
      SharedTable table,
      ChangesRequest asked,
      TableChanges changes,
      Optional<PageToken.OfChanges> page) {
    if (page.isPresent()) {
      return versions.pinned(table, page.get().head());
    }
    return asked.includeHistoricalMetadata() ? changes.head() : versions.latest(table);
  }

  private static Collection<String> features(TableChanges changes, TableSnapshot head) {
    Collection<String> features = new TreeSet<>(changes.survey().readerFeatures());
    features.addAll(
        FormatNegotiation.readerFeatures(
            KernelActions.protocol(head.protocol(), null),
            KernelActions.metadata(head.metadata(), null, Optional.empty())));
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

  private long pageSize(ChangesRequest asked, Optional<PageToken.OfChanges> page) {
    boolean paged = asked.maxFiles().isPresent() || page.isPresent();
    return paged
        ? Math.min(asked.maxFiles().orElse(Long.MAX_VALUE), settings.queryTablePageSizeLimit())
        : Long.MAX_VALUE;
  }

  private static ChangeRange range(PageToken.OfChanges page) {
    return new ChangeRange(page.start(), page.end());
  }

  private String issue(
      TableSnapshot head, ChangesRequest asked, ChangeRange range, ChangeLines.Place place) {
    return tokens.page(
        PageTokenCodec.CHANGES_PAGE,
        new PageToken.OfChanges(
            head.table().key(),
            asked.fingerprint(),
            range.start(),
            range.end(),
            head.version(),
            place.version(),
            place.position()));
  }
}
