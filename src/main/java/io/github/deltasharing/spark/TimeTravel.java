package io.github.deltasharing.spark;

import io.github.deltasharing.changes.TimestampOption;
import io.github.deltasharing.client.AsOf;
import io.github.deltasharing.client.TableMetadata;
import io.github.deltasharing.options.SharingOptions;
import io.github.deltasharing.options.SharingReadConf;

/** Which version of a table a read asks for, by its options. Driver only; stateless. */
final class TimeTravel {
  private TimeTravel() {}

  /**
   * What {@code versionAsOf} or {@code timestampAsOf} ask for; the latest version without them.
   *
   * @throws IllegalArgumentException for a timestamp that is none
   */
  static AsOf asked(SharingReadConf conf) {
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
   * What to ask for from now on, so that every scan of a DataFrame reads the version whose schema
   * it has: the version that a timestamp stood for. Where the metadata line does not name it, the
   * timestamp stays: a header alone may be that of a server which took no notice of the timestamp.
   */
  static AsOf pin(AsOf asked, TableMetadata answered) {
    Long named = answered.metadata().version();
    return asked.timestamp() != null && named != null && named == answered.version()
        ? AsOf.ofVersion(named)
        : asked;
  }
}
