/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.protocol.ChangeFile;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.Protocol;
import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.protocol.codec.RequestField;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;

/** One query for a range of commits, page after page. Driver only; used once, by one thread. */
final class ChangesCall {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RestCaller rest;
  private final String path;
  private final ChangesRequest request;
  private final PartNegotiation optional;
  private final String what;

  /** The optional parts that the server takes: those of the last first page. */
  private Set<OptionalPart> sent = Set.of();

  /**
   * @param path the table's, below the endpoint
   */
  ChangesCall(RestCaller rest, TableName table, String path, ChangesRequest request) {
    this.rest = rest;
    this.path = path;
    this.request = request;
    this.what = "query for changes of " + table + request.suffix();
    this.optional = PartNegotiation.of(rest.endpoint(), table);
  }

  ChangesResult result() {
    List<ChangeFile> files = new ArrayList<>();
    List<Protocol> protocols = new ArrayList<>();
    List<Metadata> metadata = new ArrayList<>();
    ResponsePages pages = new ResponsePages(what, rest.host());
    Long urlExpiration = null;
    TableResponseReader<ChangeFile> page = optional.call(what, wanted(), this::firstPage);
    while (true) {
      String pageToken = pages.take(page);
      page.files().stream().filter(this::isAskedFor).forEach(files::add);
      protocols.addAll(page.laterProtocols());
      metadata.addAll(page.laterMetadata());
      urlExpiration = page.earlierExpiration(urlExpiration);
      if (pageToken == null) {
        break;
      }
      page = page(pageToken);
    }
    ResponseChecks.format(what, rest.host(), request.formats(), pages.table());
    return new ChangesResult(
        pages.table(), protocols, metadata, files, urlExpiration, pages.count());
  }

  private Set<OptionalPart> wanted() {
    return new OptionalParts(request.formats(), request.readerFeatures())
        .addIf(request.maxFiles() != null, OptionalPart.PAGES)
        .addIf(rows() || asksForProtocols(), OptionalPart.HISTORY)
        .get();
  }

  private TableResponseReader<ChangeFile> firstPage(Set<OptionalPart> parts) {
    sent = parts;
    return page(null);
  }

  private boolean rows() {
    return request.feed() == ChangesRequest.Feed.ROWS;
  }

  private TableResponseReader<ChangeFile> page(String pageToken) {
    RestRequest http =
        new RestRequest(
                what,
                rows() ? path + "/changes?" + parameters(pageToken) : path + "/query",
                rows() ? null : body(pageToken),
                OptionalParts.capabilities(request.formats(), request.readerFeatures(), sent),
                request.start())
            .ifRefused(SharingErrors.ASK_FOR_CHANGES);
    TableResponseReader<ChangeFile> page =
        rest.call(
            http, response -> TableResponseReader.ofChanges(what, rest.host()).read(response));
    if (page.status() != null) {
      throw SharingErrors.badResponse(
          what, rest.host(), "it is asynchronous, which was not requested", false);
    }
    return page;
  }

  /** The end is a hint to servers: they may return later commits. */
  private boolean isAskedFor(ChangeFile change) {
    Long version = change.file().version();
    if (version == null || change.file().timestamp() == null) {
      throw SharingErrors.badResponse(
          what,
          rest.host(),
          "file " + change.file().id() + " has no 'version' or no 'timestamp'",
          false);
    }
    Long start = request.start().version();
    if (start != null && version < start) {
      throw SharingErrors.badResponse(
          what, rest.host(), "file " + change.file().id() + " is of version " + version, false);
    }
    Long end = request.end().version();
    return end == null || version <= end;
  }

  /** A response in parquet format has no protocols, so they are not requested. */
  private boolean asksForProtocols() {
    return request.formats().contains(ResponseFormat.DELTA);
  }

  private String parameters(String pageToken) {
    StringJoiner query = new StringJoiner("&");
    bound(query, RequestField.STARTING_VERSION, RequestField.STARTING_TIMESTAMP, request.start());
    bound(query, RequestField.ENDING_VERSION, RequestField.ENDING_TIMESTAMP, request.end());
    if (sent.contains(OptionalPart.HISTORY)) {
      query.add(RequestField.INCLUDE_HISTORICAL_METADATA.parameter(true));
      if (asksForProtocols()) {
        query.add(RequestField.INCLUDE_HISTORICAL_PROTOCOL.parameter(true));
      }
    }
    if (sent.contains(OptionalPart.PAGES)) {
      query.add(RequestField.MAX_FILES.parameter(request.maxFiles().longValue()));
    }
    if (pageToken != null) {
      query.add(RequestField.PAGE_TOKEN.parameter(pageToken));
    }
    return query.toString();
  }

  private static void bound(
      StringJoiner query, RequestField<Long> version, RequestField<String> time, AsOf bound) {
    if (bound.version() != null) {
      query.add(version.parameter(bound.version()));
    } else if (bound.timestamp() != null) {
      query.add(time.parameter(bound.timestamp().toString()));
    }
  }

  private String body(String pageToken) {
    ObjectNode body = JSON.createObjectNode();
    RequestField.STARTING_VERSION.put(body, request.start().version());
    RequestField.ENDING_VERSION.put(body, request.end().version());
    if (sent.contains(OptionalPart.HISTORY)) {
      RequestField.INCLUDE_HISTORICAL_PROTOCOL.put(body, true);
    }
    if (sent.contains(OptionalPart.PAGES)) {
      RequestField.MAX_FILES.put(body, request.maxFiles().longValue());
    }
    RequestField.PAGE_TOKEN.put(body, pageToken);
    return body.toString();
  }
}
