/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
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
import io.github.deltasharing.protocol.SharingHeaders;
import io.github.deltasharing.protocol.codec.ActionHandler;
import io.github.deltasharing.protocol.codec.ActionParser;
import io.github.deltasharing.protocol.codec.MalformedResponseException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Reads one response about a table, and checks that it is complete. Driver only; used once, by one
 * thread.
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

  /** For a response about a table without its files. */
  static TableResponseReader<Void> ofTable(String what, String host) {
    return new TableResponseReader<>(what, host, file -> null);
  }

  /**
   * For a response about a snapshot; files that are not part of it are skipped.
   *
   * @param packer of the files of this page
   * @param progress counts each file
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

  /** For a response about changes. */
  static TableResponseReader<ChangeFile> ofChanges(String what, String host) {
    FilePacker packer = FilePacker.ofAll();
    return new TableResponseReader<>(what, host, packer::pack);
  }

  /** The first one is that of the response; others are of later versions. */
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

  /** Reads the whole response. */
  TableResponseReader<F> read(RestResponse response)
      throws IOException, MalformedResponseException {
    Capabilities capabilities =
        Capabilities.ofResponse(response.header(SharingHeaders.CAPABILITIES));
    clockAhead = response.clockAhead(System.currentTimeMillis());
    long lines;
    try {
      lines = ActionParser.parse(response.body(), this);
      response.meetEnd();
    } catch (IOException e) {
      // A server may break off as well, for clients that look for no error in the last line.
      checkNotEndedWithError(response);
      throw e;
    }
    checkNotEndedWithError(response);
    if (lines == 0) {
      throw SharingErrors.badResponse(what, host, "the response is empty", false);
    }
    if (status != null) {
      checkNotFailed(response);
      return this;
    }
    if (end == null && capabilities.endStreamAction()) {
      throw SharingErrors.badResponse(
          what, host, "the response is cut off: the promised EndStreamAction is missing", true);
    }
    if (protocol == null || metadata == null) {
      throw SharingErrors.badResponse(
          what,
          host,
          "the response has no '" + (protocol == null ? "protocol" : "metaData") + "' line",
          false);
    }
    table = new TableMetadata(version(response), capabilities.format(), protocol, metadata);
    fileIds = response.quotable(response.header(SharingHeaders.FILE_IDS));
    return this;
  }

  private void checkNotEndedWithError(RestResponse response) {
    if (end != null && end.errorMessage() != null) {
      throw SharingErrors.endedWithError(
          what, host, response.quotable(end.errorMessage()), end.httpStatusErrorCode());
    }
  }

  private void checkNotFailed(RestResponse response) {
    if (status.isFailed()) {
      throw SharingErrors.endedWithError(
          what,
          host,
          response.quotable(status.error() == null ? "the query failed" : status.error()),
          null);
    }
  }

  /** The query's status, if the result is not there yet; else null. */
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
   * When the first URL of this page or of those before it expires, epoch milliseconds by this
   * machine's clock; null where the server does not say.
   */
  Long earlierExpiration(Long before) {
    Long named = end == null ? null : end.minUrlExpirationTimestamp();
    if (named == null) {
      return before;
    }
    long here = named + clockAhead;
    return before == null || here < before ? (Long) here : before;
  }

  private long version(RestResponse response) {
    Long named = metadata.version();
    return TableVersionHeader.read(what, host, response)
        .orElse(named == null || named < 0 ? -1 : named);
  }
}
