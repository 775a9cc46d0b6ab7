/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.api;

import io.github.deltasharing.protocol.EndStreamAction;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.Protocol;
import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.protocol.codec.ActionWriter;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.storage.FileUrls;
import io.github.deltasharing.source.ChangeVisitor;
import io.github.deltasharing.source.ChangedFile;
import io.github.deltasharing.source.TableSnapshot;
import java.io.IOException;
import java.util.Optional;

/** Writes the lines of one response about changes. Used by one thread. */
final class ChangeLines implements ChangeVisitor {
  private final SharedTable table;
  private final ActionWriter lines;
  private final boolean withMetadata;
  private final boolean withProtocol;
  private final SignedFiles signed;
  private final long pageSize;
  private long files;
  private Optional<Place> nextPage = Optional.empty();

  /**
   * Starts a response.
   *
   * @param pageSize how many files fit on a page; the longest number if the client wants no pages
   */
  ChangeLines(
      SharedTable table,
      ActionWriter lines,
      ResponseFormat format,
      ChangesParameters parameters,
      FileUrls urls,
      long pageSize) {
    this.table = table;
    this.lines = lines;
    this.withMetadata = parameters.includeHistoricalMetadata();
    // The other format has no words for it.
    this.withProtocol = parameters.includeHistoricalProtocol() && format == ResponseFormat.DELTA;
    this.signed = new SignedFiles(urls);
    this.pageSize = pageSize;
  }

  /** Writes the lines that come first. */
  void head(TableSnapshot head, Protocol protocol) throws IOException {
    long version = head.version();
    lines.protocol(protocol.ofVersion(withProtocol ? (Long) version : null));
    lines.metadata(TableEndpoints.metadata(table, head, version));
  }

  @Override
  public void protocol(Protocol protocol, long version) throws IOException {
    if (withProtocol) {
      lines.protocol(protocol.ofVersion(version));
    }
  }

  @Override
  public void metadata(Metadata metadata, long version) throws IOException {
    if (withMetadata) {
      lines.metadata(metadata.served(version, null, null, table.access()));
    }
  }

  @Override
  public boolean file(ChangedFile file, int position) throws IOException {
    if (files == pageSize) {
      nextPage = Optional.of(new Place(file.version(), position));
      return false;
    }
    lines.change(signed.ofCommit(file));
    files++;
    return true;
  }

  /** Writes the line that comes last. */
  void end(Optional<String> nextPageToken) throws IOException {
    Long expiry = signed.firstExpiry();
    lines.endStream(EndStreamAction.ofPage(null, nextPageToken.orElse(null), expiry));
  }

  boolean isPaged() {
    return pageSize < Long.MAX_VALUE;
  }

  /** Where the next page starts, if the page is full and there is more. */
  Optional<Place> nextPage() {
    return nextPage;
  }

  /** How many files were written. */
  long files() {
    return files;
  }

  /** A line of a commit. */
  record Place(long version, int position) {}
}
