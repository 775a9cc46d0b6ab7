package io.github.deltasharing.server.api;

import io.delta.kernel.internal.actions.Metadata;
import io.delta.kernel.internal.actions.Protocol;
import io.github.deltasharing.protocol.EndStreamAction;
import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.protocol.codec.ActionWriter;
import io.github.deltasharing.server.delta.KernelActions;
import io.github.deltasharing.server.delta.TableSnapshot;
import io.github.deltasharing.server.storage.FileUrls;
import io.github.deltasharing.server.table.ChangeVisitor;
import io.github.deltasharing.server.table.ChangedFile;
import java.io.IOException;
import java.util.Optional;

/** Writes the lines of one answer about changes. Used by one thread. */
public final class ChangeLines implements ChangeVisitor {
  private final ActionWriter lines;
  private final boolean tellsMetadata;
  private final boolean tellsProtocol;
  private final FileUrls urls;
  private final SignedFiles signed;
  private final long pageSize;
  private long files;
  private Optional<Place> nextPage = Optional.empty();

  /**
   * Starts an answer.
   *
   * @param pageSize how many files fit on a page; the longest number if the client wants no pages
   */
  public ChangeLines(
      ActionWriter lines,
      ResponseFormat format,
      ChangesRequest asked,
      FileUrls urls,
      long pageSize) {
    this.lines = lines;
    this.tellsMetadata = asked.includeHistoricalMetadata();
    // The other format has no words for it.
    this.tellsProtocol = asked.includeHistoricalProtocol() && format == ResponseFormat.DELTA;
    this.urls = urls;
    this.signed = new SignedFiles(urls);
    this.pageSize = pageSize;
  }

  /** Writes the lines that come first. */
  public void head(TableSnapshot head) throws IOException {
    long version = head.version();
    lines.protocol(KernelActions.protocol(head.protocol(), tellsProtocol ? version : null));
    lines.metadata(KernelActions.metadata(head.metadata(), version, head.size()));
  }

  @Override
  public void protocol(Protocol protocol, long version) throws IOException {
    if (tellsProtocol) {
      lines.protocol(KernelActions.protocol(protocol, version));
    }
  }

  @Override
  public void metadata(Metadata metadata, long version) throws IOException {
    if (tellsMetadata) {
      lines.metadata(KernelActions.metadata(metadata, version, Optional.empty()));
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
  public void end(Optional<String> nextPageToken) throws IOException {
    Long expiry = files > 0 ? urls.expiry().toEpochMilli() : null;
    lines.endStream(EndStreamAction.ofPage(null, nextPageToken.orElse(null), expiry));
  }

  public boolean isPaged() {
    return pageSize < Long.MAX_VALUE;
  }

  /** Where the next page starts, if the page is full and there is more. */
  public Optional<Place> nextPage() {
    return nextPage;
  }

  /** How many files were written. */
  public long files() {
    return files;
  }

  /** A line of a commit. */
  public record Place(long version, int position) {}
}
