package io.github.deltasharing.server;

import com.fasterxml.jackson.core.JsonGenerator;
import io.delta.kernel.internal.actions.Metadata;
import io.delta.kernel.internal.actions.Protocol;
import io.github.deltasharing.server.api.ChangesRequest;
import io.github.deltasharing.server.delta.TableSnapshot;
import io.github.deltasharing.server.storage.FileUrls;
import io.github.deltasharing.server.table.ChangeVisitor;
import io.github.deltasharing.server.table.ChangedFile;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/** Writes the lines of one answer about changes. Used by one thread. */
public final class ChangeLines implements ChangeVisitor {
  private final NdjsonAnswer answer;
  private final ActionWriter writer;
  private final boolean tellsMetadata;
  private final boolean tellsProtocol;
  private final FileUrls urls;
  private final long pageSize;
  private long files;
  private Optional<Place> nextPage = Optional.empty();

  /**
   * Starts an answer.
   *
   * @param pageSize how many files fit on a page; the longest number if the client wants no pages
   */
  public ChangeLines(
      NdjsonAnswer answer,
      AnswerFormat format,
      ChangesRequest asked,
      FileUrls urls,
      long pageSize) {
    this.answer = answer;
    this.writer = ActionWriter.of(format);
    this.tellsMetadata = asked.includeHistoricalMetadata();
    // The other dialect has no words for it.
    this.tellsProtocol = asked.includeHistoricalProtocol() && format == AnswerFormat.DELTA;
    this.urls = urls;
    this.pageSize = pageSize;
  }

  /** Writes the lines that come first. */
  public void head(TableSnapshot head) throws IOException {
    OptionalLong version = OptionalLong.of(head.version());
    writer.protocol(answer.json(), head.protocol(), tellsProtocol ? version : OptionalLong.empty());
    answer.endLine();
    writer.metadata(answer.json(), head.metadata(), version, head.size());
    answer.endLine();
  }

  @Override
  public void protocol(Protocol protocol, long version) throws IOException {
    if (tellsProtocol) {
      writer.protocol(answer.json(), protocol, OptionalLong.of(version));
      answer.endLine();
    }
  }

  @Override
  public void metadata(Metadata metadata, long version) throws IOException {
    if (tellsMetadata) {
      writer.metadata(answer.json(), metadata, OptionalLong.of(version), Optional.empty());
      answer.endLine();
    }
  }

  @Override
  public boolean file(ChangedFile file, int position) throws IOException {
    if (files == pageSize) {
      nextPage = Optional.of(new Place(file.version(), position));
      return false;
    }
    writer.change(answer.json(), file, urls);
    answer.endLine();
    files++;
    return true;
  }

  /** Writes the line that comes last. */
  public void end(Optional<String> nextPageToken) throws IOException {
    JsonGenerator json = answer.json();
    json.writeStartObject();
    json.writeObjectFieldStart("endStreamAction");
    if (nextPageToken.isPresent()) {
      json.writeStringField("nextPageToken", nextPageToken.get());
    }
    if (files > 0) {
      json.writeNumberField("minUrlExpirationTimestamp", urls.expiry().toEpochMilli());
    }
    json.writeEndObject();
    json.writeEndObject();
    answer.endLine();
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
