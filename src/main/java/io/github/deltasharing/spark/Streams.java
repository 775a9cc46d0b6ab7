/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.changes.TimestampOption;
import io.github.deltasharing.client.ChangesRequest;
import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.TableName;
import io.github.deltasharing.error.StreamErrors;
import io.github.deltasharing.listing.ListingSettings;
import io.github.deltasharing.listing.RestFileLister;
import io.github.deltasharing.options.ConfigOption;
import io.github.deltasharing.options.SharingOptions;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.options.StreamOptions;
import io.github.deltasharing.read.OrderedReaderFactory;
import io.github.deltasharing.streaming.SharingReadLimit;
import io.github.deltasharing.streaming.StreamFileLister;
import io.github.deltasharing.streaming.StreamReader;
import io.github.deltasharing.streaming.StreamStart;
import io.github.deltasharing.streaming.TableGuard;
import java.util.List;
import org.apache.spark.sql.types.StructType;

/** Makes streams of tables and of their changes, by their options. Driver only; stateless. */
final class Streams {
  private Streams() {}

  /**
   * A stream.
   *
   * @param splits how its files are read
   * @param factories make the readers
   * @param readColumns the columns in the order in which the readers give them
   * @throws IllegalArgumentException naming an option that no stream has
   * @throws UnsupportedOperationException for time travel
   */
  static SharingMicroBatchStream open(
      LoadedTable table,
      StreamScanTasks splits,
      ReaderFactories factories,
      StructType readColumns) {
    TableName name = table.name();
    SharingReadConf conf = table.conf();
    check(name, conf);
    SharingClient client = table.client().forStreaming();
    ListingSettings listing = ListingSettings.of(conf);
    StreamFileLister lists =
        new StreamFileLister(
            new RestFileLister(client, name, listing),
            name,
            conf.readsChanges() ? ChangesRequest.Feed.ROWS : ChangesRequest.Feed.FILES);
    TableGuard guard = new TableGuard(name, table.metadata());
    return new SharingMicroBatchStream(
        name.toString(),
        new StreamReader(client, guard, lists, start(conf), conf),
        splits,
        (urls, tableId) ->
            OrderedReaderFactory.of(factories.factory(urls, tableId), readColumns, table.columns()),
        SharingReadLimit.of(conf),
        listing.assumedLife());
  }

  private static void check(TableName table, SharingReadConf conf) {
    for (ConfigOption<?> option :
        List.of(SharingOptions.VERSION_AS_OF, SharingOptions.TIMESTAMP_AS_OF)) {
      if (conf.get(option) != null) {
        throw StreamErrors.streamTimeTravel(table.toString(), option.key());
      }
    }
    for (ConfigOption<?> option :
        List.of(SharingOptions.ENDING_VERSION, SharingOptions.ENDING_TIMESTAMP)) {
      if (conf.get(option) != null) {
        throw StreamErrors.notForStreams(option.key());
      }
    }
  }

  private static StreamStart start(SharingReadConf conf) {
    String version = conf.get(SharingOptions.STARTING_VERSION);
    String timestamp = conf.get(SharingOptions.STARTING_TIMESTAMP);
    if (timestamp != null) {
      return new StreamStart(
          null,
          false,
          TimestampOption.instant(SharingOptions.STARTING_TIMESTAMP, timestamp).toString(),
          !conf.get(StreamOptions.FAIL_ON_START_AFTER_LATEST));
    }
    if (version == null) {
      return StreamStart.SNAPSHOT;
    }
    return version.equals("latest")
        ? new StreamStart(null, true, null)
        : new StreamStart(Long.valueOf(version), false, null);
  }
}
