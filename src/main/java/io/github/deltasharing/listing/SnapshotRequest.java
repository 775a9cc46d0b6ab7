/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.listing;

import io.github.deltasharing.client.AsOf;
import io.github.deltasharing.client.QueryResult;
import io.github.deltasharing.client.ScanHints;
import io.github.deltasharing.protocol.ResponseFormat;

/**
 * Which files of a snapshot are to be listed. Immutable.
 *
 * @param asOf the version
 * @param hints what files may be left out by
 * @param format the format whose file ids are needed, or null for any
 * @param pinned a listing of the same query, whose version this one has to have; or null
 */
public record SnapshotRequest(
    AsOf asOf, ScanHints hints, ResponseFormat format, Listed<QueryResult> pinned) {
  /** All files of a version. */
  public static SnapshotRequest of(AsOf asOf) {
    return new SnapshotRequest(asOf, ScanHints.NONE, null, null);
  }

  /** The same with the file ids of a format; null for any. */
  public SnapshotRequest in(ResponseFormat other) {
    return new SnapshotRequest(asOf, hints, other, pinned);
  }
}
