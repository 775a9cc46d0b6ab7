package io.github.deltasharing.client;

import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.protocol.ActionHandler;
import io.github.deltasharing.protocol.ActionParser;
import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.protocol.Capabilities;
import io.github.deltasharing.protocol.EndStreamAction;
import io.github.deltasharing.protocol.FilePacker;
import io.github.deltasharing.protocol.MalformedAnswerException;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.Protocol;
import io.github.deltasharing.protocol.QueryStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads one answer to a metadata or query request, and checks that it is whole. Used once. */
final class SnapshotReader implements ActionHandler {
  private final String what;
  private final String host;
  private final List<AddFile> files = new ArrayList<>();
  private final FilePacker packer;
  private final ListingProgress progress;
  private Protocol protocol;
  private Metadata metadata;
  private EndStreamAction end;
  private QueryStatus status;
  private TableMetadata table;

  /**
   * @param packer of an answer's files, for this page of it
   * @param progress is told of each file
   */
  SnapshotReader(String what, String host, FilePacker packer, ListingProgress progress) {
    this.what = what;
    this.host = host;
    this.packer = packer;
    this.progress = progress;
  }

  @Override
  public void protocol(Protocol value) {
    protocol = value;
  }

  @Override
  public void metadata(Metadata value) {
    metadata = value;
  }

  @Override
  public void file(AddFile value) {
    files.add(packer.pack(value));
    progress.file();
  }

  @Override
  public void queryStatus(QueryStatus value) {
    status = value;
  }

  @Override
  public void endStream(EndStreamAction value) {
    end = value;
  }

  /** Reads the whole answer. */
  SnapshotReader read(RestAnswer answer) throws IOException, MalformedAnswerException {
    Capabilities answered = Capabilities.ofAnswer(answer.header(Capabilities.HEADER));
    long lines = ActionParser.parse(answer.body(), this);
    answer.meetEnd();
    if (end != null && end.errorMessage() != null) {
      throw SharingErrors.endedWithError(what, host, answer.quotable(end.errorMessage()));
    }
    if (lines == 0) {
      throw SharingErrors.badAnswer(what, host, "the answer is empty", false);
    }
    if (status != null) {
      checkNotFailed(answer);
      return this;
    }
    if (end == null && answered.endStreamAction()) {
      throw SharingErrors.badAnswer(
          what, host, "the answer is cut off: the promised EndStreamAction is missing", true);
    }
    if (protocol == null || metadata == null) {
      throw SharingErrors.badAnswer(
          what,
          host,
          "the answer has no '" + (protocol == null ? "protocol" : "metaData") + "' line",
          false);
    }
    table = new TableMetadata(version(answer), answered.format(), protocol, metadata);
    return this;
  }

  private void checkNotFailed(RestAnswer answer) {
    if (status.isFailed()) {
      throw SharingErrors.endedWithError(
          what,
          host,
          answer.quotable(status.error() == null ? "the query failed" : status.error()));
    }
  }

  /** Where the query is, when this is no answer yet; else null. */
  QueryStatus status() {
    return status;
  }

  TableMetadata table() {
    return table;
  }

  List<AddFile> files() {
    return files;
  }

  String nextPageToken() {
    return end == null ? null : end.nextPageToken();
  }

  String refreshToken() {
    return end == null ? null : end.refreshToken();
  }

  /** When the first URL dies, epoch milliseconds, or null where the server does not say. */
  Long urlExpiration() {
    return end == null ? null : end.minUrlExpirationTimestamp();
  }

  private long version(RestAnswer answer) {
    String header = answer.header("delta-table-version").trim();
    try {
      return header.isEmpty()
          ? (metadata.version() == null ? -1 : metadata.version())
          : Long.parseLong(header);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
