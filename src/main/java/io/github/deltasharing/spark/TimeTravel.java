/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.changes.TimestampOption;
import io.github.deltasharing.client.AsOf;
import io.github.deltasharing.client.TableMetadata;
import io.github.deltasharing.options.SharingOptions;
import io.github.deltasharing.options.SharingReadConf;

/** Which version of a table a read requests, by its options. Driver only; stateless. */
final class TimeTravel {
  private TimeTravel() {}

  /**
   * The version that {@code versionAsOf} or {@code timestampAsOf} request; the latest version
   * without them.
   *
   * @throws IllegalArgumentException for a timestamp that is none
   */
  static AsOf requested(SharingReadConf conf) {
    Long version = conf.get(SharingOptions.VERSION_AS_OF);
    if (version != null) {
      return AsOf.ofVersion(version);
    }
    String timestamp = conf.get(SharingOptions.TIMESTAMP_AS_OF);
    return timestamp == null
        ? AsOf.latest()
        : AsOf.ofTimestamp(TimestampOption.instant(SharingOptions.TIMESTAMP_AS_OF, timestamp));
  }

  /**
   * The version to request from now on, so that every scan of a DataFrame reads the version whose
   * schema it has: the version that a timestamp was resolved to. Where the metadata line does not
   * name it, the timestamp stays: a header alone may be that of a server which took no notice of
   * the timestamp.
   */
  static AsOf pin(AsOf requested, TableMetadata loaded) {
    Long named = loaded.metadata().version();
    return requested.timestamp() != null && named != null && named == loaded.version()
        ? AsOf.ofVersion(named)
        : requested;
  }
}
