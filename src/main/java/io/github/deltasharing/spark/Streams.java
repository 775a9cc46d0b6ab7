package io.github.deltasharing.spark;

import io.github.deltasharing.changes.OptionTime;
import io.github.deltasharing.client.ChangesRequest;
import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.TableMetadata;
import io.github.deltasharing.client.TableName;
import io.github.deltasharing.error.StreamErrors;
import io.github.deltasharing.options.ConfigOption;
import io.github.deltasharing.options.SharingOptions;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.streaming.FileLists;
import io.github.deltasharing.streaming.SharingReadLimit;
import io.github.deltasharing.streaming.StreamReader;
import io.github.deltasharing.streaming.StreamStart;
import io.github.deltasharing.streaming.TableGuard;
import java.time.Duration;
import java.util.List;

/** Makes streams of tables and of their changes, by their options. Driver only; stateless. */
final class Streams {
  private Streams() {}

  /**
   * A stream.
   *
   * @param defined the metadata that its schema is from
   * @param scan reads the files
   * @throws IllegalArgumentException naming an option that no stream has
   * @throws UnsupportedOperationException for time travel
   */
  static SharingMicroBatchStream open(
      SharingClient opened,
      TableName table,
      SharingReadConf conf,
      TableMetadata defined,
      StreamScan scan) {
    check(table, conf);
    SharingClient client = opened.forStreaming();
    Duration assumedLife = conf.get(SharingOptions.PRE_SIGNED_URL_EXPIRATION);
    FileLists lists =
        new FileLists(
            client,
            table,
            SharingTable.formats(conf),
            conf.readsChanges() ? ChangesRequest.Feed.ROWS : ChangesRequest.Feed.FILES,
            conf.get(SharingOptions.PAGINATION)
                ? conf.get(SharingOptions.MAX_FILES_PER_QUERY_REQUEST)
                : null,
            assumedLife);
    StreamReader reader =
        new StreamReader(client, new TableGuard(table, defined), lists, start(conf), conf);
    return new SharingMicroBatchStream(
        table.toString(), reader, scan, SharingReadLimit.of(conf), assumedLife);
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
          OptionTime.instant(SharingOptions.STARTING_TIMESTAMP, timestamp).toString(),
          !conf.get(SharingOptions.FAIL_ON_START_AFTER_LATEST));
    }
    if (version == null) {
      return StreamStart.SNAPSHOT;
    }
    return version.equals("latest")
        ? new StreamStart(null, true, null)
        : new StreamStart(Long.valueOf(version), false, null);
  }
}
