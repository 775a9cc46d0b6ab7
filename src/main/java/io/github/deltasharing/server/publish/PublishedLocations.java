/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish;

import io.github.deltasharing.server.storage.AllowedLocations;
import io.github.deltasharing.server.store.Database;
import io.github.deltasharing.server.store.Names;
import io.github.deltasharing.server.store.Page;
import io.github.deltasharing.server.store.PublicationStore;
import io.github.deltasharing.server.store.StoredPublication;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where tables are that were published. Stateless. */
public final class PublishedLocations {
  private static final int PAGE = 500;

  private PublishedLocations() {}

  /** The root, and each table that is elsewhere, as it was made below another root. */
  public static List<URI> of(Database database, Optional<URI> root) {
    List<URI> locations = new ArrayList<>(root.stream().toList());
    PublicationStore store = new PublicationStore();
    Page<StoredPublication> page;
    String after = "";
    do {
      Page.Of next = new Page.Of(after, PAGE);
      page = database.read(session -> store.page(session, next));
      for (StoredPublication publication : page.items()) {
        URI location = publication.location();
        if (root.isEmpty() || !AllowedLocations.isBelow(root.get(), location)) {
          locations.add(location);
        }
      }
      after = page.next().map(Names::key).orElse("");
    } while (!after.isEmpty());
    return locations;
  }
}
