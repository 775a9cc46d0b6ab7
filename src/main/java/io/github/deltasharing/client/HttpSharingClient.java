/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.error.SharingServerException;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.protocol.Capabilities;
import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.protocol.TableAccess;
import io.github.deltasharing.protocol.codec.RequestField;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * The client over HTTP, one method for each endpoint; {@link RestCaller} sends, retries and maps
 * errors. Driver only; thread-safe.
 */
final class HttpSharingClient implements SharingClient {
  /** What servers answer to a request for a table by itself which they do not know. */
  private static final Set<Integer> NO_SUCH_ENDPOINT = Set.of(400, 404, 405, 501);

  private final RestCaller rest;
  private final Pages pages;
  private final AsyncPolling polling;
  private final TableCredentials credentials;

  HttpSharingClient(ProfileSource profile, SharingReadConf conf) {
    this(new RestCaller(profile, conf), AsyncPolling.of(conf));
  }

  private HttpSharingClient(RestCaller rest, AsyncPolling polling) {
    this.rest = rest;
    this.pages = new Pages(rest);
    this.polling = polling;
    this.credentials = new TableCredentials(rest);
  }

  @Override
  public SharingClient forStreaming() {
    return new HttpSharingClient(rest.forStreaming(), polling);
  }

  @Override
  public Recipient recipient() {
    return rest.recipient();
  }

  @Override
  public List<Share> listShares() {
    return pages.all("listing shares", "/shares", HttpSharingClient::share);
  }

  @Override
  public Share share(String name) {
    return share(
        pages
            .one("looking up share " + name, "/shares/" + RestRequest.segment(name))
            .path("share"));
  }

  @Override
  public List<Schema> listSchemas(String share) {
    return pages.all(
        "listing schemas of share " + share,
        "/shares/" + RestRequest.segment(share) + "/schemas",
        node -> new Schema(text(node, "name"), node.path("share").asText(share)));
  }

  @Override
  public List<Table> listTables(String share, String schema) {
    return pages.all(
        "listing tables of " + share + "." + schema,
        schemaPath(share, schema) + "/tables",
        node -> table(node, share, schema));
  }

  @Override
  public List<Table> listAllTables(String share) {
    return pages.all(
        "listing all tables of share " + share,
        "/shares/" + RestRequest.segment(share) + "/all-tables",
        node -> table(node, share, ""));
  }

  @Override
  public long version(TableName table) {
    return version("version of " + table, path(table) + "/version");
  }

  @Override
  public long version(TableName table, String startingTimestamp) {
    String query = "?" + RequestField.STARTING_TIMESTAMP.parameter(startingTimestamp);
    return version(
        "version of " + table + " at " + startingTimestamp, path(table) + "/version" + query);
  }

  private long version(String what, String path) {
    return rest.call(
        RestRequest.get(what, path),
        response -> {
          OptionalLong version = TableVersionHeader.read(what, rest.host(), response);
          return version.orElseThrow(
              () ->
                  SharingErrors.badResponse(
                      what, rest.host(), "it has no Delta-Table-Version header", false));
        });
  }

  @Override
  public TableMetadata metadata(
      TableName table, AsOf asOf, List<ResponseFormat> formats, Collection<String> readerFeatures) {
    String what = "metadata of " + table + asOf.suffix();
    String path = path(table) + "/metadata" + parameters(asOf);
    PartNegotiation optional = PartNegotiation.of(rest.endpoint(), table);
    Set<OptionalPart> wanted = new OptionalParts(formats, readerFeatures).get();
    Function<Set<OptionalPart>, TableMetadata> send =
        sent -> {
          Capabilities offer = OptionalParts.capabilities(formats, readerFeatures, sent);
          RestRequest request = new RestRequest(what, path, null, offer, asOf);
          return rest.call(
                  request,
                  response ->
                      TableResponseReader.ofTable(what, rest.host()).read(response.bounded()))
              .table();
        };
    TableMetadata metadata;
    if (asOf.isLatest()) {
      metadata = optional.call(what, wanted, send);
    } else {
      // A refusal is usually about the version; a response of two lines needs no optional parts.
      wanted.remove(OptionalPart.END_STREAM);
      metadata = send.apply(optional.withoutRefused(wanted));
    }
    ResponseChecks.format(what, rest.host(), formats, metadata);
    ResponseChecks.version(what, asOf, metadata);
    return metadata;
  }

  @Override
  public QueryResult query(TableName table, QueryRequest request) {
    return new QueryCall(rest, table, path(table), request, polling, System::nanoTime).result();
  }

  @Override
  public ChangesResult changes(TableName table, ChangesRequest request) {
    return new ChangesCall(rest, table, path(table), request).result();
  }

  @Override
  public TableAccess access(TableName table) {
    TableAccess alone;
    try {
      alone = access(pages.one("looking up table " + table, path(table)));
    } catch (SharingServerException e) {
      if (!NO_SUCH_ENDPOINT.contains(e.status())) {
        throw e;
      }
      alone = TableAccess.UNSAID;
    }
    return alone.isSaid() ? alone : listed(table);
  }

  /** Servers that do not show a table by itself may say it in the list of its schema's. */
  private TableAccess listed(TableName table) {
    record Item(String name, TableAccess access) {}
    return pages
        .all(
            "listing tables of " + table.share() + "." + table.schema(),
            schemaPath(table.share(), table.schema()) + "/tables",
            node -> new Item(text(node, "name"), access(node)))
        .stream()
        .filter(item -> item.name().equalsIgnoreCase(table.table()))
        .map(Item::access)
        .findFirst()
        .orElse(TableAccess.UNSAID);
  }

  @Override
  public TableCredential temporaryCredential(TableName table, String location) {
    return credentials.get(table, path(table), location);
  }

  @Override
  public TableCredential temporaryCredential(
      TableName table, String location, TableCredential refused) {
    return credentials.replace(table, path(table), location, refused);
  }

  private static TableAccess access(JsonNode node) {
    String location = text(node, "location");
    return new TableAccess(
        texts(node.path("accessModes")),
        location.isBlank() ? null : location,
        texts(node.path("auxiliaryLocations")));
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(
        item -> {
          if (item.isTextual()) {
            texts.add(item.textValue());
          }
        });
    return texts;
  }

  private static String parameters(AsOf asOf) {
    if (asOf.isLatest()) {
      return "";
    }
    return asOf.version() != null
        ? "?" + RequestField.VERSION.parameter(asOf.version())
        : "?" + RequestField.TIMESTAMP.parameter(asOf.timestamp().toString());
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
    return schemaPath(table.share(), table.schema())
        + "/tables/"
        + RestRequest.segment(table.table());
  }

  private static String schemaPath(String share, String schema) {
    return "/shares/" + RestRequest.segment(share) + "/schemas/" + RestRequest.segment(schema);
  }
}
