/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import org.apache.iceberg.Snapshot;

/**
 * A snapshot and the version that it is to recipients. Immutable.
 *
 * @param version the snapshot's sequence number; of a snapshot that has none, as format version 1
 *     writes them, its time in milliseconds since the epoch
 * @param snapshot null of a table that has none yet
 */
record TableVersion(long version, long timestamp, Snapshot snapshot) {
  /** Of a table without any rows yet. */
  static TableVersion empty(long timestamp) {
    return new TableVersion(0, timestamp, null);
  }

  static TableVersion of(Snapshot snapshot) {
    long number = snapshot.sequenceNumber();
    return new TableVersion(
        number > 0 ? number : snapshot.timestampMillis(), snapshot.timestampMillis(), snapshot);
  }
}
