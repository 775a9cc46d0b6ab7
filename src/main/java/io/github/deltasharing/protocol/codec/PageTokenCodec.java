/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.protocol.PageToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Writes and reads a kind of page token as JSON. A token that was written by this codec comes back
 * whole; one of another kind is read with empty fields, so that whoever reads it can say what it
 * belongs to. Immutable, safe for use by several threads.
 *
 * @param <T> the kind of token
 */
public final class PageTokenCodec<T extends PageToken> {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final String TABLE = "table";
  private static final String QUERY = "query";
  private static final String STATE = "state";
  private static final String AFTER = "after";
  private static final String ROWS = "rows";
  private static final String START = "start";
  private static final String LAST = "last";
  private static final String END = "end";
  private static final String HEAD = "head";
  private static final String POSITION = "position";
  private static final String SCOPE = "scope";
  private static final String EXPIRES = "expires";

  public static final PageTokenCodec<PageToken.OfQuery> QUERY_PAGE =
      new PageTokenCodec<>(
          RequestField.PAGE_TOKEN,
          (token, json) -> {
            json.put(FieldNames.VERSION, token.version()).put(STATE, token.state());
            json.put(AFTER, token.after()).put(ROWS, token.rows());
            ofTable(token, json);
          },
          json ->
              new PageToken.OfQuery(
                  text(json, TABLE),
                  text(json, QUERY),
                  number(json, FieldNames.VERSION),
                  text(json, STATE),
                  text(json, AFTER),
                  number(json, ROWS)));

  public static final PageTokenCodec<PageToken.OfRefresh> REFRESH =
      new PageTokenCodec<>(
          RequestField.REFRESH_TOKEN,
          (token, json) -> {
            json.put(FieldNames.VERSION, token.version());
            ofTable(token, json);
          },
          json -> new PageToken.OfRefresh(text(json, TABLE), number(json, FieldNames.VERSION)));

  public static final PageTokenCodec<PageToken.OfChanges> CHANGES_PAGE =
      new PageTokenCodec<>(
          RequestField.PAGE_TOKEN,
          (token, json) -> {
            json.put(START, token.start()).put(END, token.end()).put(HEAD, token.head());
            json.put(STATE, token.state());
            json.put(FieldNames.VERSION, token.version()).put(POSITION, token.position());
            ofTable(token, json);
          },
          json ->
              new PageToken.OfChanges(
                  text(json, TABLE),
                  text(json, QUERY),
                  number(json, START),
                  number(json, END),
                  number(json, HEAD),
                  text(json, STATE),
                  number(json, FieldNames.VERSION),
                  json.path(POSITION).asInt()));

  public static final PageTokenCodec<PageToken.OfListing> LISTING_PAGE =
      new PageTokenCodec<>(
          RequestField.PAGE_TOKEN,
          (token, json) ->
              json.put(SCOPE, token.scope()).put(START, token.start()).put(LAST, token.last()),
          json ->
              new PageToken.OfListing(
                  text(json, SCOPE), json.path(START).asInt(), json.path(LAST).asText()));

  private final RequestField<String> parameter;
  private final BiConsumer<T, ObjectNode> writer;
  private final Function<JsonNode, T> reader;

  private PageTokenCodec(
      RequestField<String> parameter,
      BiConsumer<T, ObjectNode> writer,
      Function<JsonNode, T> reader) {
    this.parameter = parameter;
    this.writer = writer;
    this.reader = reader;
  }

  /**
   * A token and the end of its life.
   *
   * @param expires epoch milliseconds
   */
  public record Expiring<T extends PageToken>(T token, long expires) {}

  /** The request's parameter that brings it back: {@code pageToken} or {@code refreshToken}. */
  public String parameter() {
    return parameter.name();
  }

  /** The token as JSON. */
  public byte[] write(Expiring<T> token) {
    ObjectNode json = MAPPER.createObjectNode();
    writer.accept(token.token(), json);
    json.put(EXPIRES, token.expires());
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IOException if it is not JSON
   */
  public Expiring<T> read(byte[] token) throws IOException {
    JsonNode json = MAPPER.readTree(token);
    return new Expiring<>(reader.apply(json), number(json, EXPIRES));
  }

  private static void ofTable(PageToken.OfTable token, ObjectNode json) {
    json.put(TABLE, token.table()).put(QUERY, token.query());
  }

  private static String text(JsonNode json, String name) {
    return json.path(name).asText();
  }

  private static long number(JsonNode json, String name) {
    return json.path(name).asLong();
  }
}
