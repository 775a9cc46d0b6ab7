/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.catalog;

import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.Table;
import io.github.deltasharing.client.TableName;
import io.github.deltasharing.error.NearestName;
import io.github.deltasharing.error.SharingServerException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for a table that a server does not have: names are the same in any case, but not to every
 * server, and Spark's own error does not say which name was meant. One listing. Driver only;
 * thread-safe.
 */
final class MissingTables {
  private static final Logger LOG = LoggerFactory.getLogger(MissingTables.class);
  private static final int NOT_FOUND = 404;

  private final SharingClient client;
  private final CatalogNames names;

  MissingTables(SharingClient client, CatalogNames names) {
    this.client = client;
    this.names = names;
  }

  /**
   * The table as the server spells it.
   *
   * @param refusal the server's
   * @return null where there is no such table; the log tells the nearest name then
   * @throws SharingServerException the refusal, if it does not say that the table is missing, or
   *     the server lists it
   */
  TableName otherSpelling(TableName table, SharingServerException refusal) {
    if (!isMissing(client, refusal)) {
      throw refusal;
    }
    List<Table> tables = tables(table);
    if (tables.stream().anyMatch(other -> other.name().equals(table.table()))) {
      // Something else is missing, such as a version.
      throw refusal;
    }
    for (Table other : tables) {
      if (other.name().equalsIgnoreCase(table.table())) {
        return new TableName(table.share(), table.schema(), other.name());
      }
    }
    String schema = names.quoted(names.namespace(table.share(), table.schema()));
    if (tables.isEmpty()) {
      LOG.warn(
          "There is no table {}. SHOW SCHEMAS and SHOW TABLES list what is shared.",
          names.quoted(names.identifier(table.share(), table.schema(), table.table())));
    } else {
      LOG.warn(
          "There is no table '{}' in {}. Did you mean '{}'? SHOW TABLES IN {} lists them.",
          table.table(),
          schema,
          NearestName.of(table.table(), tables.stream().map(Table::name).toList()),
          schema);
    }
    return null;
  }

  /**
   * Whether a refusal says that what was asked for is not there. Any server says so where the
   * profile's endpoint is wrong; only a sharing server has shares, or errors with a code.
   */
  static boolean isMissing(SharingClient client, SharingServerException refusal) {
    if (refusal.status() != NOT_FOUND || !refusal.errorCode().isEmpty()) {
      return refusal.status() == NOT_FOUND;
    }
    try {
      client.listShares();
      return true;
    } catch (SharingServerException e) {
      return false;
    }
  }

  private List<Table> tables(TableName table) {
    try {
      return client.listTables(table.share(), table.schema());
    } catch (SharingServerException e) {
      return List.of();
    }
  }
}
