/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.catalog;

import io.github.deltasharing.error.CatalogErrors;
import java.util.Map;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.connector.catalog.Changelog;
import org.apache.spark.sql.connector.catalog.ChangelogContext;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * What Spark 4.2 asks of a catalog for {@code SELECT ... FROM t CHANGES FROM VERSION 1 TO VERSION
 * 5}. Older lines have none of the types that its method names, and never call it: a JVM looks such
 * types up when a method is called, not when its class is loaded. Driver only.
 */
interface ChangelogCatalog extends TableCatalog {
  /**
   * The changes of a table as the options say.
   *
   * @param options of a read of changes, by their names
   * @throws NoSuchTableException if there is no such table
   */
  Table changes(Identifier table, Map<String, String> options) throws NoSuchTableException;

  /**
   * Overrides the method of Spark 4.2, whose default says that the catalog has no changes.
   *
   * @param options of the query
   * @throws IllegalArgumentException for net changes: they need an identity of rows, which the
   *     protocol does not have
   */
  default Changelog loadChangelog(
      Identifier table, ChangelogContext context, CaseInsensitiveStringMap options)
      throws NoSuchTableException {
    if (context.deduplicationMode() == ChangelogContext.DeduplicationMode.NET_CHANGES) {
      throw CatalogErrors.netChanges(name() + "." + table);
    }
    return SharedChangelog.of(
        changes(table, ChangelogBounds.options(context.range(), options.asCaseSensitiveMap())));
  }
}
