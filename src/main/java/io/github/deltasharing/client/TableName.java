package io.github.deltasharing.client;

import java.io.Serializable;
import java.util.Objects;

/**
 * {@code share.schema.table}. Schema and table names hold no dots, so a name is split at its last
 * two: what is left may be a share's name with dots in it. A class, not a record: it travels to
 * executors, where Kryo may read it.
 */
public final class TableName implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String share;
  private final String schema;
  private final String table;

  public TableName(String share, String schema, String table) {
    this.share = share;
    this.schema = schema;
    this.table = table;
  }

  /** Reads {@code share.schema.table}; returns null where a part is missing or empty. */
  public static TableName parse(String text) {
    int second = text.lastIndexOf('.');
    int first = second < 0 ? -1 : text.lastIndexOf('.', second - 1);
    if (first <= 0 || second == first + 1 || second == text.length() - 1) {
      return null;
    }
    return new TableName(
        text.substring(0, first), text.substring(first + 1, second), text.substring(second + 1));
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
    return share + "." + schema + "." + table;
  }
}
