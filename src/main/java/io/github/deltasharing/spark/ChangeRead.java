/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.changes.ChangeRange;
import io.github.deltasharing.changes.SchemaHistory;
import io.github.deltasharing.client.AsOf;
import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.TableMetadata;
import io.github.deltasharing.client.TableName;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.listing.ListingSettings;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.schema.TableFeatures;

/**
 * By which schema of a table its changes are read. Immutable.
 *
 * @param schema of that version
 * @param latest the table's latest version; −1 where the server did not say
 */
record ChangeRead(TableMetadata schema, long latest) {
  /**
   * As in Delta Lake, the latest schema; where columns are mapped, that of the last version
   * requested. Delta Lake fails where the latest schema does not fit a range that ended before it:
   * here such a range is read by the schema of its end too.
   */
  static ChangeRead find(SharingClient client, TableName name, SharingReadConf conf) {
    TableMetadata latest = metadata(client, name, conf, AsOf.latest());
    AsOf end = ChangeRange.end(conf);
    boolean earlier =
        ChangeRange.isBounded(conf) && (end.version() == null || end.version() < latest.version());
    TableMetadata last = end.isLatest() || !earlier ? null : ofEnd(client, name, conf, end, latest);
    TableMetadata read = last == null || fits(name, latest, last) ? latest : last;
    TableFeatures.check(name.toString(), read.protocol(), read.metadata());
    return new ChangeRead(read, latest.version());
  }

  /** Null where the server does not send it and the read can do without. */
  private static TableMetadata ofEnd(
      SharingClient client, TableName name, SharingReadConf conf, AsOf end, TableMetadata latest) {
    try {
      return metadata(client, name, conf, end);
    } catch (SharingException e) {
      if (isMapped(name, latest)) {
        throw e;
      }
      return null;
    }
  }

  private static TableMetadata metadata(
      SharingClient client, TableName name, SharingReadConf conf, AsOf asOf) {
    return client.metadata(name, asOf, ListingSettings.formats(conf), TableFeatures.SUPPORTED);
  }

  private static boolean fits(TableName name, TableMetadata latest, TableMetadata last) {
    String table = name.toString();
    if (!latest.metadata().id().equals(last.metadata().id())) {
      // Told of when the range is read.
      return true;
    }
    return !isMapped(name, latest)
        && TableFeatures.isReadable(table, latest.protocol(), latest.metadata())
        && new SchemaHistory(table, latest.metadata(), latest.version())
            .reads(last.metadata(), last.version());
  }

  private static boolean isMapped(TableName name, TableMetadata latest) {
    return !TableFeatures.columnMappingMode(name.toString(), latest.metadata()).equals("none");
  }
}
