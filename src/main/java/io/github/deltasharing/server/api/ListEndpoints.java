/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.protocol.PageToken;
import io.github.deltasharing.protocol.TableAccess;
import io.github.deltasharing.protocol.codec.PageTokenCodec;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.share.ShareDetails;
import io.github.deltasharing.server.share.SharedSchema;
import io.github.deltasharing.server.share.SharedShare;
import io.github.deltasharing.server.share.SharedTable;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.eclipse.jetty.util.Fields;

/** Lists what is shared, in pages. Safe for use by several threads. */
final class ListEndpoints {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** The most items on a page, and how many are on one if the client does not say. */
  private static final int PAGE_ITEMS = 500;

  private static final long TOKEN_TTL_MILLIS = 24 * 3_600_000L;

  private final OpaqueTokens tokens;

  ListEndpoints(OpaqueTokens tokens) {
    this.tokens = tokens;
  }

  ObjectNode shares(Viewer viewer, Fields query) {
    return page(
        "shares", viewer, query, viewer.shares().shares(), SharedShare::name, ListEndpoints::share);
  }

  ObjectNode share(Viewer viewer, String name) {
    ObjectNode listing = MAPPER.createObjectNode();
    share(viewer.shares().share(name), listing.putObject("share"));
    return listing;
  }

  ObjectNode schemas(Viewer viewer, String shareName, Fields query) {
    SharedShare share = viewer.shares().share(shareName);
    return page(
        "schemas/" + share.name(),
        viewer,
        query,
        share.schemas(),
        SharedSchema::name,
        (schema, json) -> json.put("name", schema.name()).put("share", share.name()));
  }

  ObjectNode tables(Viewer viewer, String shareName, String schemaName, Fields query) {
    SharedSchema schema = viewer.shares().schema(shareName, schemaName);
    String scope = "tables/" + viewer.shares().share(shareName).name() + "/" + schema.name();
    return page(
        scope,
        viewer,
        query,
        schema.tables(),
        SharedTable::key,
        (table, json) -> table(viewer, table, json));
  }

  ObjectNode allTables(Viewer viewer, String shareName, Fields query) {
    SharedShare share = viewer.shares().share(shareName);
    List<SharedTable> tables =
        share.schemas().stream().flatMap(schema -> schema.tables().stream()).toList();
    return page(
        "all-tables/" + share.name(),
        viewer,
        query,
        tables,
        SharedTable::key,
        (table, json) -> table(viewer, table, json));
  }

  /** A table by itself, which names its format too. */
  ObjectNode table(Viewer viewer, SharedTable table) {
    ObjectNode listing = MAPPER.createObjectNode();
    table(viewer, table, listing);
    return listing.put("format", "delta");
  }

  private static void share(SharedShare share, ObjectNode json) {
    json.put("name", share.name());
    ShareDetails details = share.details();
    details.id().ifPresent(id -> json.put("id", id));
    details.displayName().ifPresent(name -> json.put("displayName", name));
    details.comment().ifPresent(comment -> json.put("comment", comment));
    if (!details.properties().isEmpty()) {
      details.properties().forEach(json.putObject("properties")::put);
    }
  }

  private static void table(Viewer viewer, SharedTable table, ObjectNode json) {
    json.put("name", table.name()).put("schema", table.schema()).put("share", table.share());
    viewer.shares().share(table.share()).details().id().ifPresent(id -> json.put("shareId", id));
    if (!table.id().isEmpty()) {
      json.put("id", table.id());
    }
    TableAccess access = table.access();
    if (access.location() != null) {
      json.put("location", access.location());
    }
    if (!access.auxiliaryLocations().isEmpty()) {
      access.auxiliaryLocations().forEach(json.putArray("auxiliaryLocations")::add);
    }
    access.modes().forEach(json.putArray("accessModes")::add);
  }

  private <T> ObjectNode page(
      String scope,
      Viewer viewer,
      Fields query,
      List<T> all,
      Function<T, String> name,
      BiConsumer<T, ObjectNode> writer) {
    int start =
        start(scope, viewer, query.getValue(PageTokenCodec.LISTING_PAGE.parameter()), all, name);
    int size = maxResults(query.getValue("maxResults"));
    int end = (int) Math.min(all.size(), (long) start + size);
    ObjectNode listing = MAPPER.createObjectNode();
    var items = listing.putArray("items");
    for (T item : all.subList(start, end)) {
      writer.accept(item, items.addObject());
    }
    if (end < all.size()) {
      PageToken.OfListing next =
          new PageToken.OfListing(scope, end, end == 0 ? "" : name.apply(all.get(end - 1)));
      listing.put(
          "nextPageToken",
          tokens.issue(PageTokenCodec.LISTING_PAGE, viewer.principal(), next, TOKEN_TTL_MILLIS));
    }
    return listing;
  }

  /** After the last item of the page before, wherever it is now: the list may have changed. */
  private <T> int start(
      String scope, Viewer viewer, String token, List<T> all, Function<T, String> name) {
    if (token == null || token.isEmpty()) {
      return 0;
    }
    PageToken.OfListing page = tokens.open(PageTokenCodec.LISTING_PAGE, viewer.principal(), token);
    if (!page.scope().equals(scope)) {
      throw ServerError.invalid("pageToken belongs to another list. Ask again without it");
    }
    for (int i = 0; i < all.size() && !page.last().isEmpty(); i++) {
      if (name.apply(all.get(i)).equals(page.last())) {
        return i + 1;
      }
    }
    // It is gone, so that those behind it moved up: one item twice is better than one missed.
    return Math.max(0, Math.min(page.start(), all.size()) - (page.last().isEmpty() ? 0 : 1));
  }

  private static int maxResults(String text) {
    if (text == null) {
      return PAGE_ITEMS;
    }
    if (!text.matches("\\d{1,3}") || Integer.parseInt(text) > PAGE_ITEMS) {
      throw ServerError.invalid("maxResults must be a whole number, 0 to " + PAGE_ITEMS);
    }
    return Integer.parseInt(text);
  }
}
