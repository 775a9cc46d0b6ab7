/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.store.Page;
import io.github.deltasharing.server.store.Provenance;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A response of the admin API. Immutable, but for the JSON.
 *
 * @param status the HTTP status
 * @param json the body, empty for none
 * @param version names the version of the one thing in it, for the ETag
 */
record AdminAnswer(int status, Optional<ObjectNode> json, Optional<String> version) {
  static AdminAnswer ok(ObjectNode json) {
    return new AdminAnswer(200, Optional.of(json), Optional.empty());
  }

  static AdminAnswer created(ObjectNode json) {
    return new AdminAnswer(201, Optional.of(json), Optional.empty());
  }

  static AdminAnswer nothing() {
    return new AdminAnswer(204, Optional.empty(), Optional.empty());
  }

  static <T> AdminAnswer page(Page<T> page, Function<T, ObjectNode> json) {
    AdminAnswer answer = items(page.items(), json);
    page.next()
        .ifPresent(key -> answer.json.orElseThrow().put("nextPageToken", AdminCall.pageToken(key)));
    return answer;
  }

  static <T> AdminAnswer items(List<T> all, Function<T, ObjectNode> json) {
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    var items = list.putArray("items");
    all.forEach(item -> items.add(json.apply(item)));
    return ok(list);
  }

  AdminAnswer of(Provenance provenance) {
    return new AdminAnswer(status, json, Optional.of(provenance.tag()));
  }

  /** Without the body, which may have a token or an activation link. */
  @Override
  public String toString() {
    return "AdminAnswer[" + status + "]";
  }
}
