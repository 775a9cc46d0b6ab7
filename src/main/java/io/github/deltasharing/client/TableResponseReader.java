package io.github.deltasharing.client;

import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.protocol.Capabilities;
import io.github.deltasharing.protocol.ChangeFile;
import io.github.deltasharing.protocol.EndStreamAction;
import io.github.deltasharing.protocol.FilePacker;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.Protocol;
import io.github.deltasharing.protocol.QueryStatus;
import io.github.deltasharing.protocol.codec.ActionHandler;
import io.github.deltasharing.protocol.codec.ActionParser;
import io.github.deltasharing.protocol.codec.MalformedResponseException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Reads one answer about a table, and checks that it is whole. Used once.
 *
 * @param <F> how files are kept
 */
final class TableResponseReader<F> implements ActionHandler {
  private final String what;
  private final String host;
  private final Function<ChangeFile, F> keep;
  private final List<F> files = new ArrayList<>();
  private final List<Protocol> laterProtocols = new ArrayList<>();
  private final List<Metadata> laterMetadata = new ArrayList<>();
  private Protocol protocol;
  private Metadata metadata;
  private EndStreamAction end;
  private QueryStatus status;
  private TableMetadata table;
  private String fileIds;
  private long clockAhead;

  private TableResponseReader(String what, String host, Function<ChangeFile, F> keep) {
    this.what = what;
    this.host = host;
    this.keep = keep;
  }

  /** Of an answer about a table, not its files. */
  static TableResponseReader<Void> ofTable(String what, String host) {
    return new TableResponseReader<>(what, host, file -> null);
  }

  /**
   * Of an answer about a snapshot: what is not in it is no matter.
   *
   * @param packer of an answer's files, for this page of it
   * @param progress is told of each file
   */
  static TableResponseReader<AddFile> ofSnapshot(
      String what, String host, FilePacker packer, ListingProgress progress) {
    return new TableResponseReader<>(
        what,
        host,
        file -> {
          progress.file();
          return file.kind() == ChangeFile.Kind.ADD ? packer.pack(file.file()) : null;
        });
  }

  /** Of an answer about changes. */
  static TableResponseReader<ChangeFile> ofChanges(String what, String host) {
    FilePacker packer = FilePacker.ofAll();
    return new TableResponseReader<>(what, host, packer::pack);
  }

  /** The first one is the answer's; others are of later versions. */
  @Override
  public void protocol(Protocol value) {
    if (protocol == null) {
      protocol = value;
    } else {
      laterProtocols.add(value);
    }
  }

  @Override
  public void metadata(Metadata value) {
    if (metadata == null) {
      metadata = value;
    } else {
      laterMetadata.add(value);
    }
  }

  @Override
  public void file(ChangeFile value) {
    Long expiration = value.file().expirationTimestamp();
    boolean shifted = clockAhead != 0 && expiration != null;
    F kept = keep.apply(shifted ? value.expiringAt(expiration + clockAhead) : value);
    if (kept != null) {
      files.add(kept);
    }
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
  TableResponseReader<F> read(RestResponse answer) throws IOException, MalformedResponseException {
    Capabilities answered = Capabilities.ofResponse(answer.header(Capabilities.HEADER));
    clockAhead = answer.clockAhead(System.currentTimeMillis());
    long lines = ActionParser.parse(answer.body(), this);
    answer.meetEnd();
    if (end != null && end.errorMessage() != null) {
      throw SharingErrors.endedWithError(
          what, host, answer.quotable(end.errorMessage()), end.httpStatusErrorCode());
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
    fileIds = answer.quotable(answer.header(Capabilities.FILE_IDS_HEADER));
    return this;
  }

  private void checkNotFailed(RestResponse answer) {
    if (status.isFailed()) {
      throw SharingErrors.endedWithError(
          what,
          host,
          answer.quotable(status.error() == null ? "the query failed" : status.error()),
          null);
    }
  }

  /** Where the query is, when this is no answer yet; else null. */
  QueryStatus status() {
    return status;
  }

  TableMetadata table() {
    return table;
  }

  List<F> files() {
    return files;
  }

  /** What later versions changed it to. */
  List<Protocol> laterProtocols() {
    return laterProtocols;
  }

  /** What later versions changed it to. */
  List<Metadata> laterMetadata() {
    return laterMetadata;
  }

  /** The scheme of the files' ids, or an empty string where the server does not say. */
  String fileIds() {
    return fileIds;
  }

  String nextPageToken() {
    return end == null ? null : end.nextPageToken();
  }

  String refreshToken() {
    return end == null ? null : end.refreshToken();
  }

  /**
   * When the first URL of this page or of those before it dies, epoch milliseconds by this
   * machine's clock; null where the server does not say.
   */
  Long earlierExpiration(Long before) {
    Long told = end == null ? null : end.minUrlExpirationTimestamp();
    if (told == null) {
      return before;
    }
    long here = told + clockAhead;
    return before == null || here < before ? (Long) here : before;
  }

  private long version(RestResponse answer) {
    Long told = metadata.version();
    return TableVersionHeader.read(what, host, answer).orElse(told == null || told < 0 ? -1 : told);
  }
}
