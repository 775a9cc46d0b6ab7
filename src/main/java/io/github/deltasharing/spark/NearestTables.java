/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.client.Share;
import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.TableName;
import io.github.deltasharing.error.MissingTableErrors;
import io.github.deltasharing.error.NearestName;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.error.SharingServerException;
import java.util.List;
import java.util.Locale;

/**
 * What to say of a table that the server does not have: the name that is spelled most like it, and
 * how to list what is shared. One request, for all tables of the share; one more where there is no
 * such share. Driver only; stateless.
 */
final class NearestTables {
  private static final int NOT_FOUND = 404;

  private NearestTables() {}

  /**
   * The refusal with a suggestion; as it is where the table is there, or nothing can be listed.
   *
   * @param name the table that was asked for
   */
  static SharingServerException suggest(
      SharingClient client, TableName name, SharingServerException refusal) {
    if (refusal.status() != NOT_FOUND) {
      return refusal;
    }
    try {
      return MissingTableErrors.withSuggestion(refusal, suggestion(client, name));
    } catch (SharingException e) {
      return refusal;
    }
  }

  private static String suggestion(SharingClient client, TableName name) {
    List<String> tables;
    try {
      tables =
          client.listAllTables(name.share()).stream()
              .map(table -> table.fullName().toString())
              .toList();
    } catch (SharingServerException e) {
      if (e.status() != NOT_FOUND) {
        throw e;
      }
      List<String> shares = client.listShares().stream().map(Share::name).toList();
      return shares.stream().anyMatch(name.share()::equalsIgnoreCase)
          ? null
          : MissingTableErrors.noShare(
              name.share(), name.schema(), name.table(), NearestName.of(name.share(), shares));
    }
    String wanted = name.toString().toLowerCase(Locale.ROOT);
    return tables.stream().anyMatch(table -> table.toLowerCase(Locale.ROOT).equals(wanted))
        ? null
        : MissingTableErrors.noTable(name.share(), NearestName.of(name.toString(), tables));
  }
}
