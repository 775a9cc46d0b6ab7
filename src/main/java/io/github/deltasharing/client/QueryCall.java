package io.github.deltasharing.client;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.protocol.Capabilities;
import io.github.deltasharing.protocol.FilePacker;
import io.github.deltasharing.protocol.MalformedAnswerException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;

/** One query for a snapshot's files, page after page, answered at once or later. Used once. */
final class QueryCall {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RestCaller rest;
  private final String path;
  private final QueryRequest request;
  private final AsyncPolling polling;
  private final String what;
  private final Capabilities offer;

  /** The same for all tries of the submission: a server starts one query for them. */
  private final String idempotencyKey = UUID.randomUUID().toString();

  private final ListingProgress progress;
  private final List<AddFile> files = new ArrayList<>();
  private String queryId;

  /**
   * @param path the table's, below the endpoint
   * @param nanoClock says when it is time to tell of progress
   */
  QueryCall(
      RestCaller rest,
      TableName table,
      String path,
      QueryRequest request,
      AsyncPolling polling,
      LongSupplier nanoClock) {
    this.rest = rest;
    this.path = path;
    this.request = request;
    this.polling = polling;
    this.what = "query for " + table + request.asOf().suffix();
    this.progress = new ListingProgress(what, nanoClock);
    Capabilities capabilities = Capabilities.offer(request.formats(), request.readerFeatures());
    this.offer = polling.enabled() ? capabilities.polling() : capabilities;
  }

  QueryResult answer() {
    AnswerPages pages = new AnswerPages(what, rest.host());
    String refreshToken = null;
    String pageToken = null;
    Long urlExpiration = null;
    do {
      AnswerReader<AddFile> page = page(pageToken);
      pageToken = pages.take(page);
      files.addAll(page.files());
      refreshToken = page.refreshToken() == null ? refreshToken : page.refreshToken();
      urlExpiration = earlier(urlExpiration, page.urlExpiration());
    } while (pageToken != null);
    AnswerChecks.format(what, rest.host(), request.formats(), pages.table());
    AnswerChecks.version(what, request.asOf(), pages.table());
    return new QueryResult(pages.table(), files, refreshToken, urlExpiration, pages.count());
  }

  private static Long earlier(Long one, Long other) {
    return one == null || (other != null && other < one) ? other : one;
  }

  private AnswerReader<AddFile> page(String pageToken) {
    AnswerReader<AddFile> page =
        queryId == null
            ? send(path + "/query", body(pageToken))
            : send(queryPath(), pollBody(pageToken));
    if (page.status() == null) {
      return page;
    }
    if (!polling.enabled()) {
      throw SharingErrors.badAnswer(
          what, rest.host(), "it is asynchronous, which was not asked for", false);
    }
    queryId = page.status().queryId();
    return polling.await(what, rest.host(), () -> send(queryPath(), pollBody(pageToken)));
  }

  private AnswerReader<AddFile> send(String to, String body) {
    RestRequest http = new RestRequest(what, to, body, offer, request.asOf());
    return rest.call(http, this::read);
  }

  private AnswerReader<AddFile> read(RestAnswer answer)
      throws IOException, MalformedAnswerException {
    progress.page(files.size());
    FilePacker packer = request.urlsOnly() ? FilePacker.ofUrls() : FilePacker.ofAll();
    return AnswerReader.ofSnapshot(what, rest.host(), packer, progress).read(answer);
  }

  private String queryPath() {
    return path + "/queries/" + RestRequest.segment(queryId);
  }

  /** All pages of a query carry the same parameters. */
  private String body(String pageToken) {
    ObjectNode body = JSON.createObjectNode();
    if (request.asOf().version() != null) {
      body.put("version", request.asOf().version());
    }
    if (request.asOf().timestamp() != null) {
      body.put("timestamp", request.asOf().timestamp().toString());
    }
    if (request.maxFiles() != null) {
      body.put("maxFiles", request.maxFiles());
    }
    ScanHints hints = request.hints();
    if (!hints.predicateHints().isEmpty()) {
      ArrayNode sql = body.putArray("predicateHints");
      hints.predicateHints().forEach(sql::add);
    }
    if (hints.jsonPredicateHints() != null) {
      body.put("jsonPredicateHints", hints.jsonPredicateHints());
    }
    if (hints.limitHint() != null) {
      body.put("limitHint", hints.limitHint());
    }
    if (pageToken != null) {
      body.put("pageToken", pageToken);
    } else {
      if (request.asOf().isLatest()) {
        // Servers refuse it together with a version, which says as much as the token would.
        body.put("includeRefreshToken", true);
      }
      if (request.refreshToken() != null) {
        body.put("refreshToken", request.refreshToken());
      }
    }
    if (polling.enabled() && pageToken == null) {
      // The protocol's name, and the one that the first client to send it used.
      body.put("idempotencyKey", idempotencyKey);
      body.put("idempotency_key", idempotencyKey);
    }
    return body.toString();
  }

  private String pollBody(String pageToken) {
    ObjectNode body = JSON.createObjectNode();
    if (request.maxFiles() != null) {
      body.put("maxFiles", request.maxFiles());
    }
    if (pageToken != null) {
      body.put("pageToken", pageToken);
    }
    return body.toString();
  }
}
