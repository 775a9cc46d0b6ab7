package io.github.deltasharing.streaming;

import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.TableName;
import io.github.deltasharing.error.SharingServerException;
import io.github.deltasharing.error.StreamErrors;
import io.github.deltasharing.error.TransientSharingException;

/**
 * Where a stream without a checkpoint begins, as its options say. Immutable.
 *
 * @param version the first commit to read, or null
 * @param latest whether to begin after the latest version
 * @param timestamp reads from the first commit at or after a time, ISO-8601, or null
 */
public record StreamStart(Long version, boolean latest, String timestamp) {
  /** A snapshot first. */
  public static final StreamStart SNAPSHOT = new StreamStart(null, false, null);

  /** Asks the server for what the options leave open. */
  Position resolve(SharingClient client, TableName table, VersionPolling polling) {
    if (latest) {
      return Position.ofCommit(polling.latest() + 1);
    }
    if (timestamp != null) {
      return Position.ofCommit(versionAt(client, table));
    }
    if (version == null) {
      return Position.ofSnapshot(polling.latest());
    }
    if (version > polling.latest()) {
      throw StreamErrors.startAfterLatest(table.toString(), version, polling.latest());
    }
    return Position.ofCommit(version);
  }

  /**
   * Where the first batch of a checkpoint began that does not say it: upstream's offsets say only
   * where it ended.
   */
  Position before(SharingOffset end, SharingClient client, TableName table) {
    Position position = end.position();
    if (version != null) {
      return Position.ofCommit(version);
    }
    if (timestamp != null) {
      return Position.ofCommit(versionAt(client, table));
    }
    if (latest) {
      throw StreamErrors.streamOffsetUnusable(
          table.toString(),
          "its first batch did not end, and nothing says which version 'latest' was when it began");
    }
    return Position.ofSnapshot(position.snapshot() ? position.version() : position.version() - 1);
  }

  private long versionAt(SharingClient client, TableName table) {
    try {
      return client.version(table, timestamp);
    } catch (TransientSharingException e) {
      throw e;
    } catch (SharingServerException e) {
      throw StreamErrors.noVersionAt(table.toString(), timestamp, e);
    }
  }
}
