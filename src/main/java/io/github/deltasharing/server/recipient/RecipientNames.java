/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.recipient;

import io.github.deltasharing.server.auth.Principal;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.store.Database;
import io.github.deltasharing.server.store.RecipientStore;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The names of recipients, who keep them, by what signed URLs say of their owners. Safe for use by
 * several threads.
 */
public final class RecipientNames {
  private static final int KEPT = 10_000;

  private final Database database;
  private final RecipientStore store = new RecipientStore();
  private final Map<String, String> names =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
              return size() > KEPT;
            }
          });

  public RecipientNames(Database database) {
    this.database = database;
  }

  /** The name; empty if it is no recipient, or cannot be looked up now. */
  public Optional<String> find(Principal principal) {
    return RecipientKey.of(principal).map(RecipientKey::id).flatMap(this::find);
  }

  private Optional<String> find(String id) {
    String known = names.get(id);
    if (known != null) {
      return Optional.of(known);
    }
    try {
      Optional<String> name = database.read(session -> store.name(session, id));
      name.ifPresent(found -> names.put(id, found));
      return name;
    } catch (ServerError e) {
      return Optional.empty();
    }
  }
}
