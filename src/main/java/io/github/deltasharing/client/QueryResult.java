package io.github.deltasharing.client;

import io.github.deltasharing.protocol.AddFile;
import java.util.List;
import java.util.Set;

/**
 * The answer to a snapshot query, all pages of it.
 *
 * @param table version, dialect, protocol and metadata
 * @param files the data files; their URLs are secrets
 * @param refreshToken asks for new URLs of the same snapshot, or null
 * @param urlExpiration when the first of the URLs dies for which no file says it, epoch
 *     milliseconds, or null where the server does not say
 * @param pages how many answers it took
 * @param extras the optional parts of the request that the server took
 */
public record QueryResult(
    TableMetadata table,
    List<AddFile> files,
    String refreshToken,
    Long urlExpiration,
    int pages,
    Set<OptionalPart> extras) {
  /** An answer put together from others. */
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
