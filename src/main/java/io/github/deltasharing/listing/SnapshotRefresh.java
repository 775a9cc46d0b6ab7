/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.listing;

import io.github.deltasharing.client.AsOf;
import io.github.deltasharing.client.QueryRequest;
import io.github.deltasharing.client.QueryResult;
import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.TableMetadata;
import io.github.deltasharing.client.TableName;
import io.github.deltasharing.error.FileErrors;
import io.github.deltasharing.error.SharingServerException;
import io.github.deltasharing.error.TransientSharingException;
import io.github.deltasharing.protocol.ResponseFormat;
import java.util.ArrayList;
import java.util.List;

/**
 * Lists a snapshot's files again, for the sake of their URLs: the same request, and the same
 * version in the response. Driver only; used by one thread at a time.
 */
final class SnapshotRefresh implements ListingRefresh {
  private final SharingClient client;
  private final TableName table;
  private final QueryRequest request;
  private final long version;
  private final String tableId;
  private final ResponseFormat format;
  private String refreshToken;

  /**
   * @param sent what was requested when the scan was planned
   * @param planned the result of that; not kept, it may be large
   */
  public SnapshotRefresh(
      SharingClient client, TableName table, QueryRequest sent, QueryResult planned) {
    this.client = client;
    this.table = table;
    this.request = sent.refreshing(null).forUrls().withPartsOf(planned);
    this.version = planned.table().version();
    this.tableId = planned.table().metadata().id();
    this.format = planned.table().format();
    this.refreshToken =
        planned.refreshToken() == null ? sent.refreshToken() : planned.refreshToken();
  }

  /**
   * The files of the planned version, with new URLs: one request (or as many as it has pages), more
   * where the server refuses the first of the ways.
   *
   * @throws io.github.deltasharing.error.SharingException if they cannot be had
   */
  @Override
  public QueryResult refresh() {
    SharingServerException refusal = null;
    long otherVersion = version;
    for (QueryRequest way : ways()) {
      try {
        QueryResult result = client.query(table, way);
        if (result.table().version() == version) {
          check(result.table());
          refreshToken = result.refreshToken() == null ? refreshToken : result.refreshToken();
          return result;
        }
        otherVersion = result.table().version();
      } catch (TransientSharingException e) {
        throw e;
      } catch (SharingServerException e) {
        // A token that expired, or a version of a table whose history is not shared.
        refusal = e;
      }
    }
    if (otherVersion != version) {
      throw failed(
          "the table went from version "
              + version
              + " to "
              + otherVersion
              + ", and the server gives no URLs of version "
              + version
              + " any more",
          refusal);
    }
    throw refusal;
  }

  @Override
  public void confirm() {
    // A read of one version goes on with that version's files, whatever became of the table.
    if (request.asOf().isLatest()) {
      SameTable.confirm(client, table, tableId);
    }
  }

  @Override
  public String toString() {
    return table + " version " + version;
  }

  /**
   * What to send, best first. A token means the latest version at the time of planning, and says
   * nothing that a version does not say as well. The latest version may still be the planned one;
   * if not, it can be had by its number where history is shared.
   */
  private List<QueryRequest> ways() {
    List<QueryRequest> ways = new ArrayList<>();
    boolean latest = request.asOf().isLatest();
    if (latest && refreshToken != null) {
      ways.add(request.refreshing(refreshToken));
    }
    ways.add(request);
    if (latest && version >= 0) {
      ways.add(request.at(AsOf.ofVersion(version)));
    }
    return ways;
  }

  private void check(TableMetadata now) {
    if (!now.metadata().id().equals(tableId)) {
      throw failed("another table took its place", null);
    }
    if (now.format() != format) {
      throw failed(
          "the server answered in " + now.format() + " format, after " + format + " before", null);
    }
  }

  private RuntimeException failed(String reason, Throwable cause) {
    return FileErrors.urlsNotRefreshed(table.toString(), reason, cause);
  }
}
