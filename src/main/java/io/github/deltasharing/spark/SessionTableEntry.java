/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * What the session catalog of Spark 4 gives a source as its options: an entry's properties, in
 * which the table's options stand twice, and what the catalog itself keeps there. Driver only.
 */
final class SessionTableEntry {
  private static final Set<String> RESERVED =
      Set.of(
          TableCatalog.PROP_PROVIDER,
          TableCatalog.PROP_LOCATION,
          TableCatalog.PROP_IS_MANAGED_LOCATION,
          TableCatalog.PROP_EXTERNAL,
          TableCatalog.PROP_OWNER,
          TableCatalog.PROP_COMMENT,
          "collation");

  private SessionTableEntry() {}

  /** Whether the options are those of an entry. No read has an option of this name. */
  static boolean is(CaseInsensitiveStringMap options) {
    return options.containsKey(TableCatalog.PROP_PROVIDER);
  }

  /** The options that the table was created with. */
  static CaseInsensitiveStringMap options(CaseInsensitiveStringMap entry) {
    Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    options.putAll(entry.asCaseSensitiveMap());
    options
        .keySet()
        .removeIf(name -> RESERVED.contains(name) || name.startsWith(TableCatalog.OPTION_PREFIX));
    return new CaseInsensitiveStringMap(options);
  }
}
