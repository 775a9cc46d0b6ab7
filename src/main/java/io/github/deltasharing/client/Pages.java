/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.protocol.codec.RequestField;
import io.github.deltasharing.protocol.codec.UntrustedJson;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Reads the protocol's listings, page after page. Thread-safe. */
final class Pages {
  /** Bytes of one page, decoded. */
  static final int LARGEST_PAGE = 64 << 20;

  static final int MOST_ITEMS = 1_000_000;
  static final int MOST_PAGES = 10_000;

  /** A server may have filtered all items of a page away, but not of page after page. */
  static final int MOST_EMPTY_PAGES = 100;

  private final RestCaller rest;

  Pages(RestCaller rest) {
    this.rest = rest;
  }

  /** All items of a listing. */
  <T> List<T> all(String what, String path, Function<JsonNode, T> item) {
    List<T> items = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    String token = "";
    int pages = 0;
    int empty = 0;
    do {
      String query = token.isEmpty() ? "" : "?" + RequestField.PAGE_TOKEN.parameter(token);
      JsonNode page = one(what, path + query);
      int before = items.size();
      for (JsonNode node : page.path("items")) {
        if (!node.path("name").isValueNode() || node.path("name").asText("").isBlank()) {
          throw SharingErrors.badResponse(
              what, rest.host(), "it lists an item without a 'name'", false);
        }
        items.add(item.apply(node));
        limit(what, items.size(), MOST_ITEMS, "items");
      }
      limit(what, ++pages, MOST_PAGES, "pages");
      empty = items.size() == before ? empty + 1 : 0;
      limit(what, empty, MOST_EMPTY_PAGES, "pages without items one after another");
      token = page.path("nextPageToken").asText("");
      if (!token.isEmpty() && !seen.add(token)) {
        throw SharingErrors.badResponse(
            what, rest.host(), "a page names itself as the next one", false);
      }
    } while (!token.isEmpty());
    return items;
  }

  private void limit(String what, int count, int most, String of) {
    if (count > most) {
      throw SharingErrors.badResponse(
          what, rest.host(), "it has more than " + most + " " + of, false);
    }
  }

  /** One JSON object. */
  JsonNode one(String what, String path) {
    return rest.call(RestRequest.get(what, path), response -> object(what, response));
  }

  private JsonNode object(String what, RestResponse response) throws IOException {
    byte[] body = response.bounded().body().readNBytes(LARGEST_PAGE + 1);
    if (body.length > LARGEST_PAGE) {
      throw SharingErrors.badResponse(
          what, rest.host(), "the response is longer than " + LARGEST_PAGE + " bytes", false);
    }
    try {
      JsonNode node = UntrustedJson.MAPPER.readTree(body);
      if (node != null && node.isObject()) {
        return node;
      }
    } catch (JsonEOFException e) {
      throw SharingErrors.badResponse(
          what, rest.host(), "the response ends in the middle of its JSON", true);
    } catch (StreamConstraintsException e) {
      throw SharingErrors.badResponse(
          what, rest.host(), "the response is " + UntrustedJson.problem(e), false);
    } catch (JsonProcessingException | CharConversionException e) {
      // Thrown below, without quoting the body.
    } catch (IllegalStateException e) {
      throw SharingErrors.badResponse(
          what, rest.host(), "the response has names that cannot be read", false);
    }
    String text =
        new String(body, 0, Math.min(body.length, 64), StandardCharsets.UTF_8).stripLeading();
    throw SharingErrors.badResponse(
        what,
        rest.host(),
        text.isEmpty()
            ? "the response is empty"
            : text.startsWith("<")
                ? "the response looks like HTML (a login page, or a proxy's error page?)"
                : "the response is not a JSON object",
        false);
  }
}
