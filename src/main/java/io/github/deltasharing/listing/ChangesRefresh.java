/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.listing;

import io.github.deltasharing.client.ChangesRequest;
import io.github.deltasharing.client.ChangesResult;
import io.github.deltasharing.client.QueryResult;
import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.TableName;
import io.github.deltasharing.error.FileErrors;
import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.protocol.ChangeFile;
import java.util.List;

/**
 * Lists the files of a range of commits again, for the sake of their URLs. What commits did does
 * not change, so the same request gets the same files, as long as its range has both ends. Driver
 * only; used by one thread at a time.
 */
public final class ChangesRefresh implements ListingRefresh {
  private final SharingClient client;
  private final TableName table;
  private final ChangesRequest request;
  private final String tableId;

  /**
   * @param request the planned one, between two versions
   * @param tableId of the table whose files were planned
   */
  public ChangesRefresh(
      SharingClient client, TableName table, ChangesRequest request, String tableId) {
    this.client = client;
    this.table = table;
    this.request = request;
    this.tableId = tableId;
  }

  /** The key of a change's file: several commits may list one id. */
  public static String key(ChangeFile change) {
    return keyPrefix(change) + change.file().id();
  }

  /** What comes before the id in it: the same for all files that a commit added, or removed. */
  public static String keyPrefix(ChangeFile change) {
    return change.file().version() + "/" + change.kind() + "/";
  }

  @Override
  public QueryResult refresh() {
    ChangesResult response = client.changes(table, request);
    if (!response.table().metadata().id().equals(tableId)) {
      throw FileErrors.urlsNotRefreshed(toString(), "another table took its place", null);
    }
    List<AddFile> files =
        response.files().stream().map(change -> change.file().withId(key(change))).toList();
    return new QueryResult(
        response.table(), files, null, response.urlExpiration(), response.pages());
  }

  @Override
  public void confirm() {
    SameTable.confirm(client, table, tableId);
  }

  @Override
  public String toString() {
    return table + request.suffix();
  }
}
