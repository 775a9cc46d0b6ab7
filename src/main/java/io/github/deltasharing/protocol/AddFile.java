package io.github.deltasharing.protocol;

import java.util.Collections;
import java.util.Map;

/**
 * A data file of a snapshot, in either dialect.
 *
 * @param url the signed URL: a secret
 * @param id the same for the same file, whatever its URL
 * @param size length in bytes
 * @param partitionValues by partition column; null values stand for null
 * @param stats statistics as JSON, or null
 * @param version the version it belongs to, or null
 * @param timestamp of that version, epoch milliseconds, or null
 * @param expirationTimestamp when the URL dies, epoch milliseconds, or null
 * @param deletionVector its deleted rows, or null
 */
public record AddFile(
    String url,
    String id,
    long size,
    Map<String, String> partitionValues,
    String stats,
    Long version,
    Long timestamp,
    Long expirationTimestamp,
    DeletionVectorDescriptor deletionVector) {
  public AddFile {
    partitionValues = Collections.unmodifiableMap(partitionValues);
  }

  /** Without the URL, which is a secret. */
  @Override
  public String toString() {
    return "AddFile[id=" + id + ", size=" + size + ", partitionValues=" + partitionValues + "]";
  }
}
