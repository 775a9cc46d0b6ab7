/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import java.time.ZoneId;
import java.util.Map;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.schema.MessageType;
import org.apache.spark.sql.catalyst.util.DateTimeUtils;
import org.apache.spark.sql.catalyst.util.RebaseDateTime.RebaseSpec;
import org.apache.spark.sql.execution.datasources.DataSourceUtils;
import scala.Function1;

/**
 * What a file's footer says about how it is to be read.
 *
 * @param schema the file's own
 * @param bytes its length in the file
 * @param datetime how dates and INT64 timestamps are to be rebased
 * @param int96 how INT96 timestamps are to be rebased
 * @param int96Zone the zone that INT96 timestamps were written in, or null for UTC
 * @param nanInStatistics whether its writer's statistics say when there are NaNs
 */
record Footer(
    MessageType schema,
    long bytes,
    RebaseSpec datetime,
    RebaseSpec int96,
    ZoneId int96Zone,
    boolean nanInStatistics) {

  /** Whether its dates and timestamps are of the calendar that changes in 1582. */
  boolean hybridCalendar() {
    return datetime.mode().toString().equals("LEGACY");
  }

  static Footer of(ParquetMetadata footer, long bytes, ParquetSettings settings) {
    FileMetaData metadata = footer.getFileMetaData();
    Map<String, String> keyValues = metadata.getKeyValueMetaData();
    Function1<String, String> lookup = keyValues::get;
    String writer = metadata.getCreatedBy() == null ? "" : metadata.getCreatedBy();
    boolean foreignInt96 = settings.int96Conversion() && !writer.startsWith("parquet-mr");
    return new Footer(
        metadata.getSchema(),
        bytes,
        DataSourceUtils.datetimeRebaseSpec(lookup, settings.datetimeRebaseMode()),
        DataSourceUtils.int96RebaseSpec(lookup, settings.int96RebaseMode()),
        foreignInt96 ? DateTimeUtils.getZoneId(settings.sessionTimeZone()) : null,
        writer.startsWith("parquet-mr version "));
  }
}
