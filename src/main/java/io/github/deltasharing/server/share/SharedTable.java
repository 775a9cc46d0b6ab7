/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.share;

import java.net.URI;
import java.util.List;
import java.util.Locale;

/**
 * A table that is shared, as the configuration has it. Immutable.
 *
 * @param share the share's name
 * @param schema the schema's name
 * @param name the table's name
 * @param location the directory of the table: an absolute URI, in what store its scheme says
 * @param id the table's id to recipients, empty if none
 * @param historyShared whether recipients may read versions other than the latest
 * @param startVersion the first version that recipients may read
 */
public record SharedTable(
    String share,
    String schema,
    String name,
    URI location,
    String id,
    boolean historyShared,
    long startVersion) {
  /** How recipients may read tables of this server. */
  public static final List<String> ACCESS_MODES = List.of("url");

  /** Without slashes at the location's end, so that one place has one spelling. */
  public SharedTable {
    String text = location.toString();
    while (text.endsWith("/") && !text.endsWith(":/") && !text.endsWith("//")) {
      text = text.substring(0, text.length() - 1);
    }
    location = URI.create(text);
  }

  /** {@code share.schema.table}, as messages and logs name the table. */
  public String fullName() {
    return share + "." + schema + "." + name;
  }

  /** The table's key: names are case-insensitive and never hold a slash. */
  public String key() {
    return (share + "/" + schema + "/" + name).toLowerCase(Locale.ROOT);
  }
}
