package io.github.deltasharing.spark;

import io.github.deltasharing.client.Recipient;
import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.TableName;
import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.options.SharingReadConf;

/**
 * What tells one read from another, besides the table's version and what is pushed down: who asks
 * for what, and with which options. Reads of equal identity get the same answers. Immutable; driver
 * only.
 *
 * @param tableId another table under the same name has another one
 */
record ReadIdentity(Recipient recipient, TableName table, String tableId, SharingReadConf conf) {
  /** Made when the read is defined, after the server took its credential. */
  static ReadIdentity of(
      SharingClient client, TableName table, String tableId, SharingReadConf conf) {
    return new ReadIdentity(client.recipient(), table, tableId, conf);
  }

  /** The table as one recipient sees it, whatever the options. */
  Object ofTable() {
    return new Seen(recipient, table, tableId);
  }

  private record Seen(Recipient recipient, TableName table, String tableId) {}

  /** Names the table to the caches of executors. */
  String cachedAs() {
    return recipient.digest() + "\n" + table;
  }

  HttpSettings http() {
    return conf.http();
  }
}
