/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.streaming;

import io.github.deltasharing.error.StreamErrors;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.options.StreamOptions;
import io.github.deltasharing.protocol.ChangeFile;
import java.util.List;

/**
 * What a stream of a table makes of a commit: it reads files that came. A commit that took rows
 * away or changed them cannot be followed by a stream that only adds; the options say what then.
 * Immutable.
 *
 * @param ignoreDeletes pass over commits that only took rows away
 * @param ignoreChanges read files that were written anew, with their unchanged rows
 * @param skipChangeCommits pass over commits that changed or took away rows, wholly
 */
record CommitRules(boolean ignoreDeletes, boolean ignoreChanges, boolean skipChangeCommits) {
  static CommitRules of(SharingReadConf conf) {
    return new CommitRules(
        conf.get(StreamOptions.IGNORE_DELETES),
        conf.get(StreamOptions.IGNORE_CHANGES),
        conf.get(StreamOptions.SKIP_CHANGE_COMMITS));
  }

  /**
   * The files of a commit that the stream reads.
   *
   * @param table its name, for messages
   * @param files what the commit did that changed data
   */
  List<ChangeFile> admitted(String table, long version, List<ChangeFile> files) {
    List<ChangeFile> added =
        files.stream().filter(change -> change.kind() == ChangeFile.Kind.ADD).toList();
    boolean removes = files.stream().anyMatch(change -> change.kind() == ChangeFile.Kind.REMOVE);
    if (!removes) {
      return added;
    }
    if (skipChangeCommits) {
      return List.of();
    }
    if (!added.isEmpty() && !ignoreChanges) {
      throw StreamErrors.commitChangesRows(table, version);
    }
    if (added.isEmpty() && !ignoreChanges && !ignoreDeletes) {
      throw StreamErrors.commitDeletesRows(table, version);
    }
    return added;
  }
}
