/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.activation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.http.RequestFailures;
import io.github.deltasharing.server.publish.Snippets;
import io.github.deltasharing.server.share.ShareView;
import io.github.deltasharing.server.share.SharedSchema;
import io.github.deltasharing.server.share.SharedShare;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.store.StoredPublication.SharedAs;
import java.util.Optional;
import java.util.function.Predicate;

/** What is shared with a recipient, for the page that gives it its profile. Stateless. */
final class ActivationOverview {
  /** More than a page shows with any use; clients list all. */
  private static final int MOST_TABLES = 500;

  private ActivationOverview() {}

  /**
   * Shares with their tables and the code that reads each.
   *
   * @param iceberg which tables Iceberg clients may read
   */
  static ObjectNode of(ShareView view, Predicate<SharedTable> iceberg) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode shares = json.putArray("shares");
    int tables = 0;
    boolean more = false;
    for (SharedShare listed : view.shares()) {
      if (tables == MOST_TABLES) {
        break;
      }
      Optional<SharedShare> found = find(view, listed.name());
      if (found.isEmpty()) {
        more = true;
        continue;
      }
      SharedShare share = found.get();
      ObjectNode item = shares.addObject().put("name", share.name());
      share.details().displayName().ifPresent(name -> item.put("display_name", name));
      share.details().comment().ifPresent(comment -> item.put("comment", comment));
      tables += add(item.putArray("tables"), share, MOST_TABLES - tables, iceberg);
    }
    return json.put("more", more || tables == MOST_TABLES);
  }

  /** Empty if it cannot be listed now: that is no reason to get no profile. */
  private static Optional<SharedShare> find(ShareView view, String name) {
    try {
      return Optional.of(view.share(name));
    } catch (RuntimeException e) {
      if (RequestFailures.refusal(e).isEmpty()) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private static int add(
      ArrayNode items, SharedShare share, int most, Predicate<SharedTable> iceberg) {
    for (SharedSchema schema : share.schemas()) {
      for (SharedTable table : schema.tables()) {
        if (items.size() == most) {
          return most;
        }
        ObjectNode item = items.addObject();
        item.put("schema", schema.name()).put("name", table.name());
        ObjectNode snippets = item.putObject("snippets");
        SharedAs names = new SharedAs(table.id(), share.name(), schema.name(), table.name());
        Snippets.of(names, false).forEach(snippets::put);
        if (iceberg.test(table)) {
          snippets.put("pyiceberg", Snippets.pyIceberg(names));
        }
      }
    }
    return items.size();
  }
}
