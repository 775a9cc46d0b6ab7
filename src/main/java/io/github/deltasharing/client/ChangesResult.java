/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import io.github.deltasharing.protocol.ChangeFile;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.Protocol;
import java.util.List;

/**
 * The response to a query for a range of commits, with all of its pages. Immutable.
 *
 * @param table format, protocol and metadata at the range's start (some servers: at the latest
 *     version); its version is the range's first
 * @param laterProtocols what later commits changed the protocol to, as far as the server says
 * @param laterMetadata what later commits changed the metadata to
 * @param files what the commits did, each with its version; in no certain order
 * @param urlExpiration when the first of the URLs dies for which no file says it, epoch
 *     milliseconds, or null where the server does not say
 * @param pages the number of responses it took
 */
public record ChangesResult(
    TableMetadata table,
    List<Protocol> laterProtocols,
    List<Metadata> laterMetadata,
    List<ChangeFile> files,
    Long urlExpiration,
    int pages) {
  /** Without the files' URLs. */
  @Override
  public String toString() {
    return "ChangesResult[files=" + files.size() + ", pages=" + pages + "]";
  }
}
