/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.listing;

import io.github.deltasharing.client.ChangesRequest;
import io.github.deltasharing.client.ChangesResult;
import io.github.deltasharing.client.QueryRequest;
import io.github.deltasharing.client.QueryResult;
import io.github.deltasharing.client.ScanHints;
import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.TableName;
import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.schema.TableFeatures;
import java.util.List;

/** Lists files by the sharing server's REST API, with signed URLs. Driver only; thread-safe. */
public final class RestFileLister implements FileLister {
  private final SharingClient client;
  private final TableName table;
  private final ListingSettings settings;

  public RestFileLister(SharingClient client, TableName table, ListingSettings settings) {
    this.client = client;
    this.table = table;
    this.settings = settings;
  }

  /** One request, or as many as the response has pages. */
  @Override
  public Listed<QueryResult> snapshot(SnapshotRequest request) {
    QueryRequest query = query(request);
    QueryResult pinned = request.pinned() == null ? null : request.pinned().result();
    if (pinned != null && request.asOf().isLatest() && pinned.refreshToken() != null) {
      query = query.refreshing(pinned.refreshToken());
    }
    long start = System.currentTimeMillis();
    QueryResult result = client.query(table, query);
    if (query.hints().limitHint() != null
        && result.files().stream().anyMatch(file -> file.deletionVector() != null)) {
      // Deletion vectors came to the table since: the server may have counted deleted rows.
      query = query.with(query.hints().withoutLimit());
      result = client.query(table, query);
    }
    if (pinned != null && result.table().version() != pinned.table().version()) {
      throw SharingErrors.movedOn(
          table.toString(), pinned.table().version(), result.table().version());
    }
    return new Listed<>(
        result,
        new UrlLifetime(start, settings.assumedLife(), result.urlExpiration()),
        new ScanUrls(new SnapshotRefresh(client, table, query, result), settings.assumedLife()));
  }

  private QueryRequest query(SnapshotRequest request) {
    ScanHints hints = settings.sqlHints() ? request.hints() : request.hints().withoutSql();
    QueryRequest query =
        QueryRequest.latest(formats(request.format()), TableFeatures.SUPPORTED)
            .at(request.asOf())
            .with(hints)
            .withFileIds(settings.fileIds());
    return settings.pageSize() == null ? query : query.inPagesOf(settings.pageSize());
  }

  /** One request, or as many as the response has pages. */
  @Override
  public Listed<ChangesResult> changes(CommitsRequest request) {
    ChangesRequest query =
        new ChangesRequest(
            request.feed(),
            request.start(),
            request.end(),
            formats(request.format()),
            TableFeatures.SUPPORTED,
            settings.pageSize());
    long start = System.currentTimeMillis();
    ChangesResult result = client.changes(table, query);
    ChangesRefresh again = new ChangesRefresh(client, table, query, result.table().metadata().id());
    return new Listed<>(
        result,
        new UrlLifetime(start, settings.assumedLife(), result.urlExpiration()),
        new ScanUrls(again, settings.assumedLife()));
  }

  /** One request or two, where the files do not say it. */
  @Override
  public Long commitTime(QueryResult snapshot, long version) {
    Long known = CommitTime.ofFiles(snapshot.files().stream(), version);
    return known == null ? new CommitTime(client, table, settings.formats()).of(version) : known;
  }

  private List<ResponseFormat> formats(ResponseFormat needed) {
    return needed == null ? settings.formats() : List.of(needed);
  }
}
