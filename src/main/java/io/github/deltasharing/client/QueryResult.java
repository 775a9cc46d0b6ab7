/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import io.github.deltasharing.protocol.AddFile;
import java.util.List;
import java.util.Set;

/**
 * The response to a query for a snapshot's files, with all of its pages. Immutable.
 *
 * @param table version, format, protocol and metadata
 * @param files the data files; their URLs are secrets
 * @param refreshToken gets new URLs of the same snapshot, or null
 * @param urlExpiration when the first of the URLs dies for which no file says it, epoch
 *     milliseconds, or null where the server does not say
 * @param pages the number of responses it took
 * @param parts the optional parts of the request that the server took
 */
public record QueryResult(
    TableMetadata table,
    List<AddFile> files,
    String refreshToken,
    Long urlExpiration,
    int pages,
    Set<OptionalPart> parts) {
  /** A result put together from others. */
  public QueryResult(
      TableMetadata table,
      List<AddFile> files,
      String refreshToken,
      Long urlExpiration,
      int pages) {
    this(table, files, refreshToken, urlExpiration, pages, Set.of());
  }

  /** Without the files' URLs and the token. */
  @Override
  public String toString() {
    return "QueryResult[version="
        + table.version()
        + ", files="
        + files.size()
        + ", pages="
        + pages
        + "]";
  }
}
