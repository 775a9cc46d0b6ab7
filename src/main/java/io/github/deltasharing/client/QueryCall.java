/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.protocol.FilePacker;
import io.github.deltasharing.protocol.codec.MalformedResponseException;
import io.github.deltasharing.protocol.codec.RequestField;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * One query for a snapshot's files, page after page, synchronous or asynchronous. Driver only; used
 * once, by one thread.
 */
final class QueryCall {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RestCaller rest;
  private final String path;
  private final QueryRequest request;
  private final AsyncPolling polling;
  private final PartNegotiation optional;
  private final String what;

  /** The same for all tries of the submission: a server starts one query for them. */
  private final String idempotencyKey = UUID.randomUUID().toString();

  private final ListingProgress progress;
  private final List<AddFile> files = new ArrayList<>();
  private String queryId;

  /** The optional parts that the server takes: those of the last first page. */
  private Set<OptionalPart> sent = Set.of();

  /**
   * @param path the table's, below the endpoint
   * @param nanoClock times the log lines about progress
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
    this.optional = PartNegotiation.of(rest.endpoint(), table);
  }

  QueryResult result() {
    ResponsePages pages = new ResponsePages(what, rest.host());
    String refreshToken = null;
    Long urlExpiration = null;
    TableResponseReader<AddFile> page =
        isRepeated() ? firstPage(accepted()) : optional.call(what, wanted(), this::firstPage);
    while (true) {
      String pageToken = pages.take(page);
      ResponseChecks.fileIds(what, rest.host(), request.fileIds(), page.fileIds());
      files.addAll(page.files());
      refreshToken = page.refreshToken() == null ? refreshToken : page.refreshToken();
      urlExpiration = page.earlierExpiration(urlExpiration);
      if (pageToken == null) {
        break;
      }
      page = page(pageToken);
    }
    ResponseChecks.format(what, rest.host(), request.formats(), pages.table());
    ResponseChecks.version(what, request.asOf(), pages.table());
    return new QueryResult(pages.table(), files, refreshToken, urlExpiration, pages.count(), sent);
  }

  /**
   * Whether the request repeats an earlier one that succeeded: if the server refuses it, it refuses
   * the token or the version.
   */
  private boolean isRepeated() {
    return request.refreshToken() != null || request.parts() != null;
  }

  private Set<OptionalPart> accepted() {
    Set<OptionalPart> accepted = optional.withoutRefused(wanted());
    if (request.parts() != null) {
      accepted = wanted();
      accepted.retainAll(request.parts());
    }
    return accepted;
  }

  private Set<OptionalPart> wanted() {
    ScanHints hints = request.hints();
    return new OptionalParts(request.formats(), request.readerFeatures())
        .addIf(hints.predicateHints().size() > 0, OptionalPart.SQL_HINTS)
        .addIf(hints.jsonPredicateHints() != null, OptionalPart.JSON_HINTS)
        .addIf(hints.limitHint() != null, OptionalPart.LIMIT_HINT)
        .addIf(request.maxFiles() != null, OptionalPart.PAGES)
        // Servers refuse it together with a version, which says as much as the token would.
        .addIf(request.asOf().isLatest(), OptionalPart.REFRESH_TOKEN)
        .addIf(request.fileIds() != null, OptionalPart.FILE_IDS)
        .addIf(polling.enabled(), OptionalPart.ASYNC)
        .get();
  }

  private TableResponseReader<AddFile> firstPage(Set<OptionalPart> parts) {
    sent = parts;
    queryId = null;
    return page(null);
  }

  private TableResponseReader<AddFile> page(String pageToken) {
    TableResponseReader<AddFile> page = queryId == null ? submit(pageToken) : poll(pageToken);
    if (page.status() == null) {
      return page;
    }
    if (!sent.contains(OptionalPart.ASYNC)) {
      throw SharingErrors.badResponse(
          what, rest.host(), "it is asynchronous, which was not requested", false);
    }
    queryId = page.status().queryId();
    return polling.await(what, rest.host(), () -> poll(pageToken));
  }

  private TableResponseReader<AddFile> submit(String pageToken) {
    boolean negotiated = pageToken == null && !isRepeated();
    RestRequest http =
        request(path + "/query", body(pageToken))
            .withFailureFinal(negotiated && sent.contains(OptionalPart.REFRESH_TOKEN));
    return rest.call(http, this::read);
  }

  private TableResponseReader<AddFile> poll(String pageToken) {
    String to = path + "/queries/" + RestRequest.segment(queryId);
    return rest.call(request(to, pollBody(pageToken)), this::read);
  }

  private RestRequest request(String to, String body) {
    return new RestRequest(
            what,
            to,
            body,
            OptionalParts.capabilities(request.formats(), request.readerFeatures(), sent),
            request.asOf())
        .withFileIds(sent.contains(OptionalPart.FILE_IDS) ? request.fileIds() : null);
  }

  private TableResponseReader<AddFile> read(RestResponse response)
      throws IOException, MalformedResponseException {
    progress.page(files.size());
    FilePacker packer = request.urlsOnly() ? FilePacker.ofUrls() : FilePacker.ofAll();
    return TableResponseReader.ofSnapshot(what, rest.host(), packer, progress).read(response);
  }

  /** All pages of a query carry the same parameters. */
  private String body(String pageToken) {
    ObjectNode body = JSON.createObjectNode();
    RequestField.VERSION.put(body, request.asOf().version());
    if (request.asOf().timestamp() != null) {
      RequestField.TIMESTAMP.put(body, request.asOf().timestamp().toString());
    }
    putMaxFiles(body);
    ScanHints hints = request.hints();
    if (sent.contains(OptionalPart.SQL_HINTS)) {
      RequestField.PREDICATE_HINTS.put(body, hints.predicateHints());
    }
    if (sent.contains(OptionalPart.JSON_HINTS)) {
      RequestField.JSON_PREDICATE_HINTS.put(body, hints.jsonPredicateHints());
    }
    if (sent.contains(OptionalPart.LIMIT_HINT)) {
      RequestField.LIMIT_HINT.put(body, hints.limitHint().longValue());
    }
    if (pageToken != null) {
      RequestField.PAGE_TOKEN.put(body, pageToken);
      return body.toString();
    }
    if (sent.contains(OptionalPart.REFRESH_TOKEN)) {
      RequestField.INCLUDE_REFRESH_TOKEN.put(body, true);
    }
    RequestField.REFRESH_TOKEN.put(body, request.refreshToken());
    if (sent.contains(OptionalPart.ASYNC)) {
      RequestField.IDEMPOTENCY_KEY.put(body, idempotencyKey);
      RequestField.IDEMPOTENCY_KEY_OLD.put(body, idempotencyKey);
    }
    return body.toString();
  }

  private String pollBody(String pageToken) {
    ObjectNode body = JSON.createObjectNode();
    putMaxFiles(body);
    RequestField.PAGE_TOKEN.put(body, pageToken);
    return body.toString();
  }

  private void putMaxFiles(ObjectNode body) {
    if (sent.contains(OptionalPart.PAGES)) {
      RequestField.MAX_FILES.put(body, request.maxFiles().longValue());
    }
  }
}
