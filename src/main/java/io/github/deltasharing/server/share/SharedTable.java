/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.share;

import io.github.deltasharing.protocol.TableAccess;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/**
 * A table that is shared, as the configuration has it. Immutable.
 *
 * @param share the share's name
 * @param schema the schema's name
 * @param name the table's name
 * @param location the directory of the table: an absolute URI, in what store its scheme says; of an
 *     Iceberg table, what {@link IcebergLocation} says
 * @param id the table's id to recipients, empty if none
 * @param historyShared whether recipients may read versions other than the latest
 * @param startVersion the first version that recipients may read
 * @param accessModes how recipients may read it: {@code url}, {@code dir}
 */
public record SharedTable(
    String share,
    String schema,
    String name,
    URI location,
    String id,
    boolean historyShared,
    long startVersion,
    List<String> accessModes) {

  /** Without slashes at the location's end, so that one place has one spelling. */
  public SharedTable {
    String text = location.toString();
    while (text.endsWith("/") && !text.endsWith(":/") && !text.endsWith("//")) {
      text = text.substring(0, text.length() - 1);
    }
    location = URI.create(text);
    accessModes = List.copyOf(accessModes);
  }

  /** One that is read by signed URLs. */
  public SharedTable(
      String share,
      String schema,
      String name,
      URI location,
      String id,
      boolean historyShared,
      long startVersion) {
    this(share, schema, name, location, id, historyShared, startVersion, List.of(TableAccess.URL));
  }

  /** The same table with its directory as its location. */
  public SharedTable at(URI directory) {
    return new SharedTable(
        share, schema, name, directory, id, historyShared, startVersion, accessModes);
  }

  /**
   * How recipients may read it, and where it lies if that is their business. The directory of an
   * Iceberg table is none of this protocol's: it is offered where the table is {@link #at} it.
   */
  public TableAccess access() {
    if (!accessModes.contains(TableAccess.DIR)) {
      return new TableAccess(accessModes, null, List.of());
    }
    return IcebergLocation.isIceberg(location)
        ? TableAccess.of(TableAccess.URL)
        : new TableAccess(accessModes, publicLocation(), List.of());
  }

  /** As the protocol spells places: {@code s3a} is Hadoop's name of {@code s3}. */
  private String publicLocation() {
    String path = location.getPath() == null ? "" : location.getPath();
    String scheme = location.getScheme().equals("s3a") ? "s3" : location.getScheme();
    return scheme + "://" + location.getAuthority() + path;
  }

  /** {@code share.schema.table}, as messages and logs name the table. */
  public String fullName() {
    return share + "." + schema + "." + name;
  }

  /** What is served by the table's names now: another table, if the provider shares one by them. */
  public String identity() {
    return id.isEmpty() ? key() : key() + "#" + id;
  }

  /** The table's key: names are case-insensitive and never hold a slash. */
  public String key() {
    return (share + "/" + schema + "/" + name).toLowerCase(Locale.ROOT);
  }
}
