package io.github.deltasharing.client;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.protocol.Capabilities;
import io.github.deltasharing.protocol.ChangeFile;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.Protocol;
import io.github.deltasharing.protocol.ResponseFormat;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** One query for a range of commits, page after page. Used once. */
final class ChangesCall {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RestCaller rest;
  private final String path;
  private final ChangesRequest request;
  private final String what;
  private final Capabilities offer;

  /**
   * @param path the table's, below the endpoint
   */
  ChangesCall(RestCaller rest, TableName table, String path, ChangesRequest request) {
    this.rest = rest;
    this.path = path;
    this.request = request;
    this.what = "query for changes of " + table + request.suffix();
    this.offer = Capabilities.offer(request.formats(), request.readerFeatures());
  }

  ChangesResult answer() {
    List<ChangeFile> files = new ArrayList<>();
    List<Protocol> protocols = new ArrayList<>();
    List<Metadata> metadata = new ArrayList<>();
    AnswerPages pages = new AnswerPages(what, rest.host());
    String pageToken = null;
    do {
      AnswerReader<ChangeFile> page = page(pageToken);
      pageToken = pages.take(page);
      page.files().stream().filter(this::isAskedFor).forEach(files::add);
      protocols.addAll(page.laterProtocols());
      metadata.addAll(page.laterMetadata());
    } while (pageToken != null);
    AnswerChecks.format(what, rest.host(), request.formats(), pages.table());
    return new ChangesResult(pages.table(), protocols, metadata, files, pages.count());
  }

  private AnswerReader<ChangeFile> page(String pageToken) {
    boolean rows = request.feed() == ChangesRequest.Feed.ROWS;
    RestRequest http =
        new RestRequest(
            what,
            rows ? path + "/changes?" + parameters(pageToken) : path + "/query",
            rows ? null : body(pageToken),
            offer,
            request.start(),
            SharingErrors.ASK_FOR_CHANGES);
    AnswerReader<ChangeFile> page =
        rest.call(http, answer -> AnswerReader.ofChanges(what, rest.host()).read(answer));
    if (page.status() != null) {
      throw SharingErrors.badAnswer(
          what, rest.host(), "it is asynchronous, which was not asked for", false);
    }
    return page;
  }

  /** The end is a hint to servers: they may tell of later commits. */
  private boolean isAskedFor(ChangeFile change) {
    Long version = change.file().version();
    if (version == null || change.file().timestamp() == null) {
      throw SharingErrors.badAnswer(
          what,
          rest.host(),
          "file " + change.file().id() + " has no 'version' or no 'timestamp'",
          false);
    }
    Long start = request.start().version();
    if (start != null && version < start) {
      throw SharingErrors.badAnswer(
          what, rest.host(), "file " + change.file().id() + " is of version " + version, false);
    }
    Long end = request.end().version();
    return end == null || version <= end;
  }

  /** A parquet answer has no protocols: the server is told so by not being asked. */
  private boolean asksForProtocols() {
    return request.formats().contains(ResponseFormat.DELTA);
  }

  private String parameters(String pageToken) {
    StringJoiner query = new StringJoiner("&");
    bound(query, "starting", request.start());
    bound(query, "ending", request.end());
    query.add("includeHistoricalMetadata=true");
    if (asksForProtocols()) {
      query.add("includeHistoricalProtocol=true");
    }
    if (request.maxFiles() != null) {
      query.add("maxFiles=" + request.maxFiles());
    }
    if (pageToken != null) {
      query.add("pageToken=" + encoded(pageToken));
    }
    return query.toString();
  }

  private static void bound(StringJoiner query, String end, AsOf bound) {
    if (bound.version() != null) {
      query.add(end + "Version=" + bound.version());
    } else if (bound.timestamp() != null) {
      query.add(end + "Timestamp=" + encoded(bound.timestamp().toString()));
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private String body(String pageToken) {
    ObjectNode body = JSON.createObjectNode();
    body.put("startingVersion", request.start().version());
    if (request.end().version() != null) {
      body.put("endingVersion", request.end().version());
    }
    if (asksForProtocols()) {
      body.put("includeHistoricalProtocol", true);
    }
    if (request.maxFiles() != null) {
      body.put("maxFiles", request.maxFiles());
    }
    if (pageToken != null) {
      body.put("pageToken", pageToken);
    }
    return body.toString();
  }
}
