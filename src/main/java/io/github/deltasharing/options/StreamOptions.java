/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.options;

import io.github.deltasharing.annotation.PublicApi;
import java.time.Duration;

/**
 * Options of reads as streams: what a batch takes, and which commits it may pass over. Among {@link
 * SharingOptions#ALL}.
 */
@PublicApi
public final class StreamOptions {
  public static final ConfigOption<Integer> MAX_FILES_PER_TRIGGER =
      ConfigOption.count(
          "maxFilesPerTrigger",
          1,
          null,
          "Streams: how many files a batch reads at most. 1000 when neither this nor `maxBytesPerTrigger` is given.");

  public static final ConfigOption<Long> MAX_BYTES_PER_TRIGGER =
      ConfigOption.amount(
          "maxBytesPerTrigger",
          "Streams: a batch takes no further file once its files are this large together. The first file is always"
              + " taken.");

  public static final ConfigOption<Integer> MAX_VERSIONS_PER_RPC =
      ConfigOption.count(
          "maxVersionsPerRpc",
          1,
          100,
          "Streams: how many commits are requested from the server at a time.");

  public static final ConfigOption<Boolean> IGNORE_DELETES =
      ConfigOption.flag(
          "ignoreDeletes",
          false,
          "Streams of a table: pass over commits that only deleted rows, instead of failing.");

  public static final ConfigOption<Boolean> IGNORE_CHANGES =
      ConfigOption.flag(
          "ignoreChanges",
          false,
          "Streams of a table: of commits that changed rows, read the files that were written anew, with the rows in"
              + " them that did not change; pass over commits that only deleted.");

  public static final ConfigOption<Boolean> SKIP_CHANGE_COMMITS =
      ConfigOption.flag(
          "skipChangeCommits",
          false,
          "Streams of a table: pass over commits that changed or deleted rows, with all that they did.");

  public static final ConfigOption<Boolean> FAIL_ON_START_AFTER_LATEST =
      ConfigOption.flag(
          "failOnStartAfterLatest",
          false,
          "Streams: fail where `startingTimestamp` is later than the latest commit, instead of waiting for a commit at"
              + " that time or later.");

  public static final ConfigOption<Duration> QUERY_TABLE_VERSION_INTERVAL =
      ConfigOption.interval(
          "streaming.queryTableVersionIntervalSeconds",
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          "s",
          "Streams: the least pause between two questions for the table's latest version.",
          SharingOptions.CONF_PREFIX + "streaming.queryTableVersionIntervalSeconds");

  private StreamOptions() {}
}
