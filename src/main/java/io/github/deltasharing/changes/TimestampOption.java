/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.changes;

import io.github.deltasharing.options.ConfigOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.spark.sql.catalyst.util.DateTimeUtils;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.unsafe.types.UTF8String;
import scala.Option;

/** Reads the times that options give. Driver only; stateless. */
public final class TimestampOption {
  private TimestampOption() {}

  /**
   * By the rules of Spark's CAST in the session's time zone, as Delta Lake reads options of the
   * same names.
   *
   * @throws IllegalArgumentException for a text that is no timestamp
   */
  public static Instant instant(ConfigOption<String> option, String text) {
    Option<?> micros =
        DateTimeUtils.stringToTimestamp(
            UTF8String.fromString(text),
            DateTimeUtils.getZoneId(SQLConf.get().sessionLocalTimeZone()));
    if (micros.isEmpty()) {
      throw option.bad(text);
    }
    return Instant.EPOCH.plus((Long) micros.get(), ChronoUnit.MICROS);
  }
}
