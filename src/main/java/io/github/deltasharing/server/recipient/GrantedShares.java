/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.recipient;

import io.github.deltasharing.server.auth.Principal;
import io.github.deltasharing.server.share.ConfiguredShares;
import io.github.deltasharing.server.share.SchemaDirectories;
import io.github.deltasharing.server.share.ShareView;
import io.github.deltasharing.server.share.ShareViews;
import io.github.deltasharing.server.share.Shares;
import io.github.deltasharing.server.storage.AllowedLocations;
import io.github.deltasharing.server.store.Database;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Who sees what on a server with a store: recipients what is granted to them, by the database with
 * each request; the holder of the configuration's token the configuration's shares. Safe for use by
 * several threads.
 */
public final class GrantedShares implements ShareViews {
  private static final Shares NOTHING = new Shares(List.of());

  private final Database database;
  private final ConfiguredShares configured;
  private final Predicate<Principal> holder;
  private final ObjectTables tables;

  /**
   * Creates the views.
   *
   * @param configured the configuration's shares
   * @param holder who sees all of these
   */
  public GrantedShares(
      Database database,
      ConfiguredShares configured,
      Predicate<Principal> holder,
      SchemaDirectories directories,
      AllowedLocations allowed) {
    this.database = database;
    this.configured = configured;
    this.holder = holder;
    this.tables = new ObjectTables(directories, allowed);
  }

  @Override
  public ShareView of(Principal principal) {
    Optional<RecipientKey> recipient = RecipientKey.of(principal);
    if (recipient.isPresent()) {
      return new GrantedView(database, configured.now(), tables, recipient.get());
    }
    return holder.test(principal) ? configured.now() : NOTHING;
  }
}
