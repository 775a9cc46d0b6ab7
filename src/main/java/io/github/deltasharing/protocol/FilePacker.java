/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol;

import io.github.deltasharing.protocol.compact.TextPacker;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Compresses the files of one response, one after the other: they share what is the same in their
 * URLs and statistics, and equal partition values. Not thread-safe.
 */
public final class FilePacker {
  /**
   * Beyond that many at a time, equal values are not looked for: they come in the response's order.
   */
  private static final int MOST_PARTITIONS = 10_000;

  private final TextPacker urls = new TextPacker();
  private final TextPacker vectorUrls = new TextPacker();
  private final TextPacker stats;
  private final Map<Map<String, String>, Map<String, String>> partitions = new HashMap<>();
  private Map<String, String> last;
  private Long version;
  private Long timestamp;
  private Long expiration;

  private FilePacker(TextPacker stats) {
    this.stats = stats;
  }

  /** Keeps everything. */
  public static FilePacker ofAll() {
    return new FilePacker(new TextPacker());
  }

  /** Drops statistics. */
  public static FilePacker ofUrls() {
    return new FilePacker(null);
  }

  /** The same file, small. */
  public AddFile pack(AddFile file) {
    version = same(version, file.version());
    timestamp = same(timestamp, file.timestamp());
    expiration = same(expiration, file.expirationTimestamp());
    DeletionVectorDescriptor vector = file.deletionVector();
    return new AddFile(
        urls.pack(file.packedUrl()),
        file.id(),
        file.size(),
        shared(file.partitionValues()),
        stats == null || file.packedStats() == null ? null : stats.pack(file.packedStats()),
        version,
        timestamp,
        expiration,
        vector == null ? null : vector.packedBy(vectorUrls),
        file.writtenAt());
  }

  /** The same change with its file small. */
  public ChangeFile pack(ChangeFile change) {
    return new ChangeFile(change.kind(), pack(change.file()), change.dataChange());
  }

  private static Long same(Long last, Long next) {
    return Objects.equals(last, next) ? last : next;
  }

  private Map<String, String> shared(Map<String, String> values) {
    if (values.equals(last)) {
      return last;
    }
    if (partitions.size() >= MOST_PARTITIONS) {
      partitions.clear();
    }
    Map<String, String> first = partitions.putIfAbsent(values, values);
    last = first == null ? values : first;
    return last;
  }
}
