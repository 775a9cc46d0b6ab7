/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** A way to the admin API. What it refuses is a {@link CommandException}. Used by one thread. */
interface AdminClient extends AutoCloseable {
  /** The response's body; one without fields if it has none. */
  ObjectNode send(ApiRequest request);

  /**
   * Sends a file as the body.
   *
   * @param sent gets how many bytes went
   */
  ObjectNode upload(ApiRequest request, Path file, LongConsumer sent);

  /** The whole of a list, all its pages as one. */
  default ObjectNode all(ApiRequest request) {
    ObjectNode whole = JsonNodeFactory.instance.objectNode();
    ArrayNode items = whole.putArray("items");
    ObjectNode page = send(request);
    page.path("items").forEach(items::add);
    while (page.path("nextPageToken").isTextual()) {
      page = send(request.page(page.path("nextPageToken").textValue()));
      page.path("items").forEach(items::add);
    }
    return whole;
  }

  @Override
  void close();
}
