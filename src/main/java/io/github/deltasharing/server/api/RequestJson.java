/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.error.ServerError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the JSON object of a request's body as a stream, so that it takes no more memory than the
 * text itself: no field of the protocol holds an object or an array of arrays, so what is in such
 * values is passed over. They are an empty object in the result, of a wrong type for the reader of
 * such a field. Stateless.
 */
final class RequestJson {
  private static final int MAX_FIELDS = 100;
  private static final int MAX_ITEMS = 1_000;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** Without a table of the names it saw, which are anybody's. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build()
          .setCodec(new ObjectMapper());

  private RequestJson() {}

  /**
   * The body's fields; an empty body has none.
   *
   * @throws ServerError 400 when it is not one JSON object
   */
  static ObjectNode read(byte[] body) {
    if (body.length == 0) {
      return NODES.objectNode();
    }
    try (JsonParser parser = JSON.createParser(text(body))) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw ServerError.malformed("The request's body is not a JSON object");
      }
      ObjectNode fields = NODES.objectNode();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        if (fields.size() == MAX_FIELDS) {
          throw ServerError.malformed("The request's body has more than " + MAX_FIELDS + " fields");
        }
        if (fields.has(name)) {
          throw ServerError.malformed("The request's body has one of its fields twice");
        }
        fields.set(name, value(parser));
      }
      if (parser.nextToken() != null) {
        throw ServerError.malformed("The request's body is more than one JSON object");
      }
      return fields;
    } catch (IOException e) {
      // Text in memory fails in no other way than that it is not JSON.
      throw notJson(e);
    }
  }

  private static String text(byte[] body) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
  }

  private static ServerError notJson(IOException cause) {
    return new ServerError(
        400, ServerError.MALFORMED_REQUEST, "The request's body is not JSON", cause);
  }

  private static JsonNode value(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      parser.skipChildren();
      return NODES.objectNode();
    }
    return parser.currentToken() == JsonToken.START_ARRAY
        ? array(parser)
        : parser.readValueAsTree();
  }

  /**
   * Items beyond the limit are left out: the only arrays are of hints, and none of them is owed.
   */
  private static ArrayNode array(JsonParser parser) throws IOException {
    ArrayNode items = NODES.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      boolean struct = parser.currentToken().isStructStart();
      if (items.size() < MAX_ITEMS) {
        items.add(struct ? NODES.objectNode() : parser.<JsonNode>readValueAsTree());
      }
      if (struct) {
        parser.skipChildren();
      }
    }
    return items;
  }
}
