/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.streaming;

import io.github.deltasharing.client.AsOf;
import io.github.deltasharing.client.ChangesRequest;
import io.github.deltasharing.client.ChangesResult;
import io.github.deltasharing.client.QueryResult;
import io.github.deltasharing.client.TableMetadata;
import io.github.deltasharing.client.TableName;
import io.github.deltasharing.error.SharingServerException;
import io.github.deltasharing.error.StreamErrors;
import io.github.deltasharing.error.TransientSharingException;
import io.github.deltasharing.listing.CommitsRequest;
import io.github.deltasharing.listing.FileLister;
import io.github.deltasharing.listing.Listed;
import io.github.deltasharing.listing.SnapshotRequest;
import io.github.deltasharing.protocol.ChangeFile;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.Protocol;
import io.github.deltasharing.protocol.ResponseFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Lists the files of commits and of snapshots for a stream, by its rules for versions that are
 * gone. Driver only; immutable; thread-safe.
 */
public final class StreamFileLister {
  private final FileLister lister;
  private final TableName table;
  private final ChangesRequest.Feed feed;

  /**
   * @param table for messages
   * @param feed which side of commits
   */
  public StreamFileLister(FileLister lister, TableName table, ChangesRequest.Feed feed) {
    this.lister = lister;
    this.table = table;
    this.feed = feed;
  }

  boolean ofRows() {
    return feed == ChangesRequest.Feed.ROWS;
  }

  /**
   * What some commits did: one request, or as many as it has pages.
   *
   * @param order the order to list in, or null for any
   */
  FileListing commits(long first, long last, FileOrder order) {
    CommitsRequest request =
        new CommitsRequest(feed, AsOf.ofVersion(first), AsOf.ofVersion(last), format(order));
    Listed<ChangesResult> listed;
    try {
      listed = lister.changes(request);
    } catch (TransientSharingException e) {
      throw e;
    } catch (SharingServerException e) {
      throw isOfCredentials(e)
          ? e
          : StreamErrors.streamHistoryGone(table.toString(), first, last, e);
    }
    ChangesResult result = listed.result();
    Map<Long, List<ChangeFile>> files =
        result.files().stream()
            // The flag is about data files.
            .filter(change -> change.kind() == ChangeFile.Kind.CDC || change.dataChange())
            .collect(Collectors.groupingBy(change -> change.file().version()));
    List<Metadata> metadata = new ArrayList<>(List.of(result.table().metadata()));
    metadata.addAll(result.laterMetadata());
    List<Protocol> protocols = new ArrayList<>(List.of(result.table().protocol()));
    protocols.addAll(result.laterProtocols());
    return new FileListing(
        new FileListing.Span(first, last, false),
        null,
        orderOf(result.table(), order, first),
        listed.life(),
        files,
        new FileListing.History(metadata, protocols),
        () -> commits(first, last, order));
  }

  /**
   * The table as of a version.
   *
   * @param order the order to list in, or null for any
   * @param latest the server's latest version as far as known; −1 if it is not
   */
  FileListing snapshot(long version, FileOrder order, long latest) {
    Listed<QueryResult> listed = snapshot(format(order), version, latest);
    QueryResult result = listed.result();
    List<ChangeFile> files =
        result.files().stream()
            .map(file -> new ChangeFile(ChangeFile.Kind.ADD, file, true))
            .toList();
    return new FileListing(
        new FileListing.Span(version, version, true),
        commitTime(result, version),
        orderOf(result.table(), order, version),
        listed.life(),
        Map.of(version, files),
        new FileListing.History(
            List.of(result.table().metadata()), List.of(result.table().protocol())),
        () -> snapshot(version, order, latest));
  }

  /**
   * By its number; where the server knows no history, it may still be the latest. Changes of rows
   * need the commit's time, which only the response about a version has.
   */
  private Listed<QueryResult> snapshot(ResponseFormat format, long version, long latest) {
    SharingServerException refusal = null;
    long other = latest;
    List<AsOf> ways =
        ofRows() || latest != version
            ? List.of(AsOf.ofVersion(version), AsOf.latest())
            : List.of(AsOf.latest(), AsOf.ofVersion(version));
    for (AsOf way : ways) {
      try {
        Listed<QueryResult> result = lister.snapshot(SnapshotRequest.of(way).in(format));
        long listed = result.result().table().version();
        if (listed == version || (listed < 0 && !way.isLatest())) {
          return result;
        }
        other = listed;
      } catch (TransientSharingException e) {
        throw e;
      } catch (SharingServerException e) {
        refusal = e;
      }
    }
    throw StreamErrors.streamSnapshotGone(table.toString(), version, other, refusal);
  }

  /** Rows of a snapshot are inserts of its time. Null where it is not known or not needed. */
  private Long commitTime(QueryResult snapshot, long version) {
    if (!ofRows() || snapshot.files().isEmpty()) {
      return null;
    }
    return lister.commitTime(snapshot, version);
  }

  /** Whether the recipient is refused, not the versions. */
  private static boolean isOfCredentials(SharingServerException refusal) {
    return refusal.status() == 401 || refusal.status() == 403;
  }

  private static ResponseFormat format(FileOrder order) {
    return order == null ? null : order.format();
  }

  private FileOrder orderOf(TableMetadata response, FileOrder requested, long version) {
    if (requested == FileOrder.DELTA_TIMES) {
      throw StreamErrors.streamOffsetUnusable(
          table.toString(),
          "it is within the initial snapshot, version "
              + version
              + ", whose files the connector that wrote it counted by their times");
    }
    if (requested != null && requested.format() != response.format()) {
      throw StreamErrors.streamOffsetUnusable(
          table.toString(),
          "it is within version "
              + version
              + ", whose files were counted as "
              + requested.format()
              + " responses list them, and the server responds in "
              + response.format());
    }
    return requested == null ? FileOrder.of(response.format()) : requested;
  }
}
