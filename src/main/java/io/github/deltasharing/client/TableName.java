/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import io.github.deltasharing.annotation.PublicApi;
import java.io.Serializable;
import java.util.Objects;

/**
 * {@code share.schema.table}. A name is split at its last two dots that are not in backticks: what
 * is left may be a share's name with dots in it. A class, not a record: it travels to executors,
 * where Kryo may read it.
 */
@PublicApi
public final class TableName implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final char QUOTE = '`';

  private final String share;
  private final String schema;
  private final String table;

  public TableName(String share, String schema, String table) {
    this.share = share;
    this.schema = schema;
    this.table = table;
  }

  /**
   * Reads {@code share.schema.table}; returns null where a part is missing or empty. A part that
   * contains dots may be quoted in backticks, backticks in it doubled, as in SQL.
   */
  public static TableName parse(String text) {
    int table = lastPart(text, text.length());
    int schema = table < 2 ? -1 : lastPart(text, table - 1);
    if (schema < 2) {
      return null;
    }
    String share = text.substring(0, schema - 1);
    int whole = openingQuote(share, share.length());
    TableName name =
        new TableName(
            whole == 0 ? unquoted(share) : share,
            unquoted(text.substring(schema, table - 1)),
            unquoted(text.substring(table)));
    return name.share.isEmpty() || name.schema.isEmpty() || name.table.isEmpty() ? null : name;
  }

  /** Where the last part of the first {@code end} characters begins. */
  private static int lastPart(String text, int end) {
    int quote = openingQuote(text, end);
    return quote >= 0 ? quote : text.lastIndexOf('.', end - 1) + 1;
  }

  /** Where the quoted part begins that ends at {@code end}; −1 where none does. */
  private static int openingQuote(String text, int end) {
    if (end < 2 || text.charAt(end - 1) != QUOTE) {
      return -1;
    }
    int at = end - 2;
    while (at >= 0) {
      if (text.charAt(at) != QUOTE) {
        at--;
      } else if (at > 0 && text.charAt(at - 1) == QUOTE) {
        at -= 2;
      } else {
        return at == 0 || text.charAt(at - 1) == '.' ? at : -1;
      }
    }
    return -1;
  }

  private static String unquoted(String part) {
    return openingQuote(part, part.length()) == 0
        ? part.substring(1, part.length() - 1).replace("``", "`")
        : part;
  }

  /** As {@link #parse} reads it. */
  private static String quoted(String part, boolean dots) {
    return part.indexOf(QUOTE) >= 0 || (!dots && part.indexOf('.') >= 0)
        ? QUOTE + part.replace("`", "``") + QUOTE
        : part;
  }

  public String share() {
    return share;
  }

  public String schema() {
    return schema;
  }

  public String table() {
    return table;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof TableName that
        && share.equals(that.share)
        && schema.equals(that.schema)
        && table.equals(that.table);
  }

  @Override
  public int hashCode() {
    return Objects.hash(share, schema, table);
  }

  @Override
  public String toString() {
    return quoted(share, true) + "." + quoted(schema, false) + "." + quoted(table, false);
  }
}
