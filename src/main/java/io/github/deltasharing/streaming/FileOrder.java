/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.streaming;

import io.github.deltasharing.protocol.ChangeFile;
import io.github.deltasharing.protocol.ResponseFormat;
import java.util.Comparator;
import java.util.Locale;

/**
 * By what the files of a commit are counted. Servers may give a file one id in the one dialect and
 * another in the other, so an offset in the midst of a commit says which ones it goes by.
 */
enum FileOrder {
  /** By the ids in parquet format. */
  PARQUET_IDS(ResponseFormat.PARQUET),
  /** By the ids in delta format. */
  DELTA_IDS(ResponseFormat.DELTA),
  /** By the times of files, then ids: upstream's snapshots in the delta dialect. */
  DELTA_TIMES(ResponseFormat.DELTA);

  /** What was added comes before what was removed under the same id. */
  private static final Comparator<ChangeFile> BY_ID =
      Comparator.<ChangeFile, String>comparing(change -> change.file().id())
          .thenComparing(ChangeFile::kind)
          // Ids should be unique. Where they are not, responses may list the files in any order.
          .thenComparing(change -> change.file().place());

  private final ResponseFormat format;

  FileOrder(ResponseFormat format) {
    this.format = format;
  }

  /** The order of files in a response of this format. */
  static FileOrder of(ResponseFormat format) {
    return format == ResponseFormat.PARQUET ? PARQUET_IDS : DELTA_IDS;
  }

  /** The format to request. */
  ResponseFormat format() {
    return format;
  }

  Comparator<ChangeFile> comparator() {
    return BY_ID;
  }

  /** As offsets have it. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
