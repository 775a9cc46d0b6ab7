package io.github.deltasharing.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.deltasharing.error.SharingErrors;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Reads the protocol's listings, page after page. Thread-safe. */
final class Pages {
  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder().disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION).build());

  private final RestCaller rest;

  Pages(RestCaller rest) {
    this.rest = rest;
  }

  /** All items of a listing. */
  <T> List<T> all(String what, String path, Function<JsonNode, T> item) {
    List<T> items = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    String token = "";
    do {
      String query =
          token.isEmpty() ? "" : "?pageToken=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
      JsonNode page = one(what, path + query);
      for (JsonNode node : page.path("items")) {
        if (node.path("name").asText("").isEmpty()) {
          throw SharingErrors.badAnswer(
              what, rest.host(), "it lists an item without a 'name'", false);
        }
        items.add(item.apply(node));
      }
      token = page.path("nextPageToken").asText("");
      if (!token.isEmpty() && !seen.add(token)) {
        throw SharingErrors.badAnswer(
            what, rest.host(), "a page names itself as the next one", false);
      }
    } while (!token.isEmpty());
    return items;
  }

  /** One JSON object. */
  JsonNode one(String what, String path) {
    return rest.call(RestRequest.get(what, path), answer -> object(what, answer));
  }

  private JsonNode object(String what, RestAnswer answer) throws IOException {
    byte[] body = answer.body().readAllBytes();
    try {
      JsonNode node = JSON.readTree(body);
      if (node != null && node.isObject()) {
        return node;
      }
    } catch (JsonEOFException e) {
      throw SharingErrors.badAnswer(
          what, rest.host(), "the answer ends in the middle of its JSON", true);
    } catch (JsonProcessingException e) {
      // Told below, without quoting the body.
    }
    String text =
        new String(body, 0, Math.min(body.length, 64), StandardCharsets.UTF_8).stripLeading();
    throw SharingErrors.badAnswer(
        what,
        rest.host(),
        text.isEmpty()
            ? "the answer is empty"
            : text.startsWith("<")
                ? "the answer looks like HTML (a login page, or a proxy's error page?)"
                : "the answer is not a JSON object",
        false);
  }
}
