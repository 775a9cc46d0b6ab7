package io.github.deltasharing.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.protocol.Capabilities;
import io.github.deltasharing.protocol.ResponseFormat;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The client over HTTP. One method an endpoint; sending, retries and errors are {@link
 * RestCaller}'s.
 */
final class HttpSharingClient implements SharingClient {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RestCaller rest;
  private final Pages pages;

  HttpSharingClient(ProfileSource profile, SharingReadConf conf) {
    this.rest = new RestCaller(profile, conf);
    this.pages = new Pages(rest);
  }

  @Override
  public List<Share> listShares() {
    return pages.all("listing shares", "/shares", HttpSharingClient::share);
  }

  @Override
  public Share share(String name) {
    return share(pages.one("looking up share " + name, "/shares/" + segment(name)).path("share"));
  }

  @Override
  public List<Schema> listSchemas(String share) {
    return pages.all(
        "listing schemas of share " + share,
        "/shares/" + segment(share) + "/schemas",
        node -> new Schema(text(node, "name"), node.path("share").asText(share)));
  }

  @Override
  public List<Table> listTables(String share, String schema) {
    return pages.all(
        "listing tables of " + share + "." + schema,
        "/shares/" + segment(share) + "/schemas/" + segment(schema) + "/tables",
        node -> table(node, share, schema));
  }

  @Override
  public List<Table> listAllTables(String share) {
    return pages.all(
        "listing all tables of share " + share,
        "/shares/" + segment(share) + "/all-tables",
        node -> table(node, share, ""));
  }

  @Override
  public long version(TableName table) {
    return version("version of " + table, path(table) + "/version");
  }

  @Override
  public long version(TableName table, String startingTimestamp) {
    String query =
        "?startingTimestamp=" + URLEncoder.encode(startingTimestamp, StandardCharsets.UTF_8);
    return version(
        "version of " + table + " at " + startingTimestamp, path(table) + "/version" + query);
  }

  private long version(String what, String path) {
    return rest.call(
        RestRequest.get(what, path),
        answer -> {
          try {
            return Long.parseLong(answer.header("delta-table-version").trim());
          } catch (NumberFormatException e) {
            throw SharingErrors.badAnswer(
                what, rest.host(), "it has no Delta-Table-Version header", false);
          }
        });
  }

  @Override
  public TableMetadata metadata(
      TableName table, AsOf asOf, List<ResponseFormat> formats, Collection<String> readerFeatures) {
    Capabilities offer = Capabilities.offer(formats, readerFeatures);
    String what = "metadata of " + table + asOf.suffix();
    RestRequest request =
        new RestRequest(what, path(table) + "/metadata" + parameters(asOf), null, offer, asOf);
    TableMetadata metadata =
        rest.call(request, answer -> new SnapshotReader(what, rest.host()).read(answer)).table();
    checkFormat(what, formats, metadata);
    checkVersion(what, asOf, metadata);
    return metadata;
  }

  @Override
  public QueryResult query(TableName table, QueryRequest request) {
    AsOf asOf = request.asOf();
    String what = "query for " + table + asOf.suffix();
    Capabilities offer = Capabilities.offer(request.formats(), request.readerFeatures());
    List<AddFile> files = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    TableMetadata first = null;
    String refreshToken = null;
    String pageToken = null;
    int answers = 0;
    do {
      RestRequest http =
          new RestRequest(what, path(table) + "/query", body(request, pageToken), offer, asOf);
      SnapshotReader page =
          rest.call(http, answer -> new SnapshotReader(what, rest.host()).read(answer));
      answers++;
      first = first == null ? page.table() : samePage(what, first, page.table());
      files.addAll(page.files());
      refreshToken = page.refreshToken() == null ? refreshToken : page.refreshToken();
      pageToken = page.nextPageToken();
      if (pageToken != null && !seen.add(pageToken)) {
        throw SharingErrors.badAnswer(
            what, rest.host(), "a page names itself as the next one", false);
      }
    } while (pageToken != null);
    checkFormat(what, request.formats(), first);
    checkVersion(what, asOf, first);
    return new QueryResult(first, files, refreshToken, answers);
  }

  /** Pages of two versions would make a snapshot that never was. */
  private TableMetadata samePage(String what, TableMetadata first, TableMetadata next) {
    if (first.version() != next.version() || !first.metadata().id().equals(next.metadata().id())) {
      throw SharingErrors.badAnswer(
          what,
          rest.host(),
          "its pages belong to versions " + first.version() + " and " + next.version(),
          true);
    }
    return first;
  }

  private void checkFormat(String what, List<ResponseFormat> offered, TableMetadata answered) {
    // A legacy server may answer parquet to whoever asks for delta; the other way round is an error
    // (PROTOCOL.md).
    if (answered.format() == ResponseFormat.DELTA && !offered.contains(ResponseFormat.DELTA)) {
      throw SharingErrors.badAnswer(
          what, rest.host(), "it is in delta format where parquet was asked for", false);
    }
  }

  /** A server that knows no time travel answers with its latest version. */
  private static void checkVersion(String what, AsOf asked, TableMetadata answered) {
    if (asked.version() != null
        && answered.version() >= 0
        && answered.version() != asked.version()) {
      throw SharingErrors.otherVersion(what, asked.version(), answered.version());
    }
  }

  private static String parameters(AsOf asOf) {
    if (asOf.isLatest()) {
      return "";
    }
    return asOf.version() != null
        ? "?version=" + asOf.version()
        : "?timestamp=" + URLEncoder.encode(asOf.timestamp().toString(), StandardCharsets.UTF_8);
  }

  /** All pages of a query carry the same parameters. */
  private static String body(QueryRequest request, String pageToken) {
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
      body.put("includeRefreshToken", true);
      if (request.refreshToken() != null) {
        body.put("refreshToken", request.refreshToken());
      }
    }
    return body.toString();
  }

  private static Share share(JsonNode node) {
    return new Share(text(node, "name"), node.path("id").asText(""));
  }

  private static Table table(JsonNode node, String share, String schema) {
    return new Table(
        text(node, "name"),
        node.path("schema").asText(schema),
        node.path("share").asText(share),
        node.path("id").asText(""));
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText("");
  }

  private static String path(TableName table) {
    return "/shares/"
        + segment(table.share())
        + "/schemas/"
        + segment(table.schema())
        + "/tables/"
        + segment(table.table());
  }

  private static String segment(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
