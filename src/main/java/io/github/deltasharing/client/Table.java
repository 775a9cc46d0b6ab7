package io.github.deltasharing.client;

/**
 * A shared table, as listed.
 *
 * @param id empty where the server gives none
 */
public record Table(String name, String schema, String share, String id) {
  /** Its full name. */
  public TableName fullName() {
    return new TableName(share, schema, name);
  }
}
