package io.github.deltasharing.spark;

import io.github.deltasharing.client.AsOf;
import io.github.deltasharing.client.TableMetadata;
import io.github.deltasharing.options.SharingOptions;
import io.github.deltasharing.options.SharingReadConf;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.spark.sql.catalyst.util.DateTimeUtils;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.unsafe.types.UTF8String;
import scala.Option;

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
    return timestamp == null ? AsOf.latest() : AsOf.ofTimestamp(instant(timestamp));
  }

  /** By the rules of Spark's CAST, as Delta Lake reads the option of the same name. */
  private static Instant instant(String text) {
    Option<?> micros =
        DateTimeUtils.stringToTimestamp(
            UTF8String.fromString(text),
            DateTimeUtils.getZoneId(SQLConf.get().sessionLocalTimeZone()));
    if (micros.isEmpty()) {
      throw SharingOptions.TIMESTAMP_AS_OF.bad(text);
    }
    return Instant.EPOCH.plus((Long) micros.get(), ChronoUnit.MICROS);
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
