/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.streaming;

import io.github.deltasharing.client.AsOf;
import io.github.deltasharing.client.ChangesRequest;
import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.TableName;
import io.github.deltasharing.error.SharingServerException;
import io.github.deltasharing.error.StreamErrors;
import io.github.deltasharing.error.TransientSharingException;
import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.schema.TableFeatures;
import java.time.Instant;
import java.util.List;

/**
 * Where a stream without a checkpoint begins, as its options say. Immutable.
 *
 * @param version the first commit to read, or null
 * @param latest whether to begin after the latest version
 * @param timestamp reads from the first commit at or after a time, ISO-8601, or null
 * @param waits whether a time after the latest commit is waited for
 */
public record StreamStart(Long version, boolean latest, String timestamp, boolean waits) {
  /** A snapshot first. */
  public static final StreamStart SNAPSHOT = new StreamStart(null, false, null, false);

  /** One that waits. */
  public StreamStart(Long version, boolean latest, String timestamp) {
    this(version, latest, timestamp, true);
  }

  /**
   * Asks the server for what the options leave open.
   *
   * @return null where there is no such commit yet
   */
  StreamPosition resolve(SharingClient client, TableName table, VersionPolling polling) {
    if (latest) {
      return StreamPosition.ofCommit(polling.latest() + 1);
    }
    if (timestamp != null) {
      return first(client, table, polling.latest());
    }
    if (version == null) {
      return StreamPosition.ofSnapshot(polling.latest());
    }
    if (version > polling.latest()) {
      throw StreamErrors.startAfterLatest(table.toString(), version, polling.latest());
    }
    return StreamPosition.ofCommit(version);
  }

  private StreamPosition first(SharingClient client, TableName table, long latestVersion) {
    try {
      return StreamPosition.ofCommit(client.version(table, timestamp));
    } catch (TransientSharingException e) {
      throw e;
    } catch (SharingServerException e) {
      if (waits && isAfter(client, table, latestVersion, e)) {
        return null;
      }
      throw StreamErrors.noVersionAt(table.toString(), timestamp, e);
    }
  }

  /**
   * Whether the refused time lies after a version: servers refuse others too, and not to read what
   * was committed before would lose it. As the reference server says it, or as the version's files
   * do.
   */
  private boolean isAfter(
      SharingClient client, TableName table, long version, SharingServerException refusal) {
    if (refusal.status() == 401 || refusal.status() == 403) {
      return false;
    }
    if (refusal.getMessage().contains("is after the latest version")) {
      return true;
    }
    try {
      ChangesRequest commit =
          new ChangesRequest(
              ChangesRequest.Feed.FILES,
              AsOf.ofVersion(version),
              AsOf.ofVersion(version),
              List.of(ResponseFormat.values()),
              TableFeatures.SUPPORTED,
              null);
      long time = Instant.parse(timestamp).toEpochMilli();
      return client.changes(table, commit).files().stream()
          .map(change -> change.file().timestamp())
          .anyMatch(committed -> committed != null && committed < time);
    } catch (TransientSharingException e) {
      throw e;
    } catch (SharingServerException e) {
      return false;
    }
  }

  /**
   * Where the first batch of a checkpoint began that does not say it: upstream's offsets say only
   * where it ended.
   */
  StreamPosition before(SharingOffset end, SharingClient client, TableName table) {
    StreamPosition position = end.position();
    if (version != null) {
      return StreamPosition.ofCommit(version);
    }
    if (timestamp != null) {
      return StreamPosition.ofCommit(versionAt(client, table));
    }
    if (latest) {
      throw StreamErrors.streamOffsetUnusable(
          table.toString(),
          "its first batch did not end, and nothing says which version 'latest' was when it began");
    }
    return StreamPosition.ofSnapshot(
        position.snapshot() ? position.version() : position.version() - 1);
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
