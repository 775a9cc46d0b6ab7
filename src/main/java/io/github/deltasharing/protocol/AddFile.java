/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol;

import io.github.deltasharing.protocol.compact.PackedText;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;

/**
 * A data file of a snapshot, in either format. Immutable; small once it went through a {@link
 * FilePacker}, its texts are decoded by each call.
 */
public final class AddFile {
  private static final long UNKNOWN_TIME = Long.MIN_VALUE;

  private final PackedText url;
  private final String id;
  private final long size;
  private final Map<String, String> partitionValues;
  private final PackedText stats;
  private final Long version;
  private final Long timestamp;
  private final Long expirationTimestamp;
  private final DeletionVectorDescriptor deletionVector;

  /** A primitive: there are very many files. */
  private final long modificationTime;

  /**
   * @param url the signed URL: a secret
   * @param id the same for the same file, whatever its URL
   * @param size length in bytes
   * @param partitionValues by partition column; null values are SQL NULL
   * @param stats statistics as JSON, or null
   * @param version the version it belongs to, or null
   * @param timestamp of that version, epoch milliseconds, or null
   * @param expirationTimestamp when the URL dies, epoch milliseconds, or null
   * @param deletionVector its deleted rows, or null
   */
  public AddFile(
      String url,
      String id,
      long size,
      Map<String, String> partitionValues,
      String stats,
      Long version,
      Long timestamp,
      Long expirationTimestamp,
      DeletionVectorDescriptor deletionVector) {
    this(
        PackedText.of(url),
        id,
        size,
        Collections.unmodifiableMap(partitionValues),
        // Bounds that changed on the way would rule out files that have matching rows.
        stats == null ? null : PackedText.ofUnicode(stats),
        version,
        timestamp,
        expirationTimestamp,
        deletionVector,
        UNKNOWN_TIME);
  }

  /**
   * @param partitionValues not copied
   * @param modificationTime epoch milliseconds; {@link #UNKNOWN_TIME} where it is not known
   */
  AddFile(
      PackedText url,
      String id,
      long size,
      Map<String, String> partitionValues,
      PackedText stats,
      Long version,
      Long timestamp,
      Long expirationTimestamp,
      DeletionVectorDescriptor deletionVector,
      long modificationTime) {
    this.modificationTime = modificationTime;
    this.url = url;
    this.id = id;
    this.size = size;
    this.partitionValues = partitionValues;
    this.stats = stats;
    this.version = version;
    this.timestamp = timestamp;
    this.expirationTimestamp = expirationTimestamp;
    this.deletionVector = deletionVector;
  }

  /** The same under another id, without statistics. */
  public AddFile withId(String other) {
    return new AddFile(
        url,
        other,
        size,
        partitionValues,
        null,
        version,
        timestamp,
        expirationTimestamp,
        deletionVector,
        modificationTime);
  }

  /** The same with the time at which the file was written, epoch milliseconds; null for unknown. */
  public AddFile modifiedAt(Long time) {
    return new AddFile(
        url,
        id,
        size,
        partitionValues,
        stats,
        version,
        timestamp,
        expirationTimestamp,
        deletionVector,
        time == null ? UNKNOWN_TIME : time);
  }

  /** The same with another end of its URL's life, epoch milliseconds. */
  AddFile expiringAt(long time) {
    return new AddFile(
        url,
        id,
        size,
        partitionValues,
        stats,
        version,
        timestamp,
        time,
        deletionVector,
        modificationTime);
  }

  /** The signed URL: a secret. */
  public String url() {
    return url.text();
  }

  /** The URL without its query: where the file is, without the right to read it. */
  public String place() {
    String whole = url.text();
    int query = whole.indexOf('?');
    return query < 0 ? whole : whole.substring(0, query);
  }

  /** The signed URL as it is kept. */
  public PackedText packedUrl() {
    return url;
  }

  public String id() {
    return id;
  }

  public long size() {
    return size;
  }

  /** By partition column; null values are SQL NULL. Unmodifiable; files may share it. */
  public Map<String, String> partitionValues() {
    return partitionValues;
  }

  /** Statistics as JSON, or null. */
  public String stats() {
    return stats == null ? null : stats.text();
  }

  /** Statistics as they are kept, or null. */
  public PackedText packedStats() {
    return stats;
  }

  public Long version() {
    return version;
  }

  public Long timestamp() {
    return timestamp;
  }

  /**
   * When the file was written, epoch milliseconds, or null: what its writer noted, or else the time
   * of its version.
   */
  public Long modificationTime() {
    return modificationTime == UNKNOWN_TIME ? timestamp : (Long) modificationTime;
  }

  /** As given to {@link #modifiedAt}. */
  long writtenAt() {
    return modificationTime;
  }

  /** When the URL dies, epoch milliseconds, or null. */
  public Long expirationTimestamp() {
    return expirationTimestamp;
  }

  public DeletionVectorDescriptor deletionVector() {
    return deletionVector;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof AddFile that
        && id.equals(that.id)
        && size == that.size
        && url.equals(that.url)
        && partitionValues.equals(that.partitionValues)
        && Objects.equals(stats, that.stats)
        && Objects.equals(version, that.version)
        && Objects.equals(timestamp, that.timestamp)
        && Objects.equals(expirationTimestamp, that.expirationTimestamp)
        && Objects.equals(deletionVector, that.deletionVector);
  }

  @Override
  public int hashCode() {
    return Objects.hash(id, size, version);
  }

  /** Without the URL, which is a secret. */
  @Override
  public String toString() {
    return "AddFile[id=" + id + ", size=" + size + ", partitionValues=" + partitionValues + "]";
  }
}
