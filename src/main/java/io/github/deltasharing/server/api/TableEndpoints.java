/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.api;

import io.github.deltasharing.protocol.Capabilities;
import io.github.deltasharing.protocol.EndStreamAction;
import io.github.deltasharing.protocol.FormatNegotiation;
import io.github.deltasharing.protocol.FormatNegotiation.NoCommonFormatException;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.Protocol;
import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.protocol.SharingHeaders;
import io.github.deltasharing.protocol.codec.RequestField;
import io.github.deltasharing.protocol.codec.RequestField.InvalidFieldException;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.http.RequestContext;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.storage.FileIdHeader;
import io.github.deltasharing.source.TableChanges;
import io.github.deltasharing.source.TableSnapshot;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/** Serves a table's version and metadata. Safe for use by several threads. */
final class TableEndpoints {
  private final TableVersions versions;

  TableEndpoints(TableVersions versions) {
    this.versions = versions;
  }

  long readingBytes(SharedTable table) {
    return versions.readingBytes(table);
  }

  long latestQueryBytes(SharedTable table) {
    return versions.latestQueryBytes(table);
  }

  void version(
      SharedTable table, Request request, Fields query, Response response, Callback callback) {
    long version =
        versions.number(
            table, Optional.ofNullable(query.getValue(RequestField.STARTING_TIMESTAMP.name())));
    RequestContext.of(request).version(version);
    response.setStatus(200);
    response.getHeaders().put(SharingHeaders.TABLE_VERSION, version);
    response.write(true, null, callback);
  }

  void metadata(
      SharedTable table, Request request, Fields query, Response response, Callback callback)
      throws IOException {
    OptionalLong version = version(query);
    Optional<String> timestamp = Optional.ofNullable(query.getValue(RequestField.TIMESTAMP.name()));
    if (version.isPresent() && timestamp.isPresent()) {
      throw ServerError.invalid("version and timestamp exclude each other: give one of them");
    }
    Capabilities client = capabilities(request);
    TableSnapshot snapshot = readable(versions.find(table, version, timestamp), client);
    Protocol protocol = snapshot.protocol();
    Long named = version.isPresent() || timestamp.isPresent() ? snapshot.version() : null;
    Metadata metadata = metadata(table, snapshot, named);
    ResponseFormat format =
        format(table, FormatNegotiation.readerFeatures(protocol, metadata), client);
    head(request, response, snapshot.version(), client, format);
    NdjsonResponse ndjson = new NdjsonResponse(response, format);
    ndjson.lines().protocol(protocol);
    ndjson.lines().metadata(metadata);
    if (client.endStreamAction()) {
      ndjson.lines().endStream(EndStreamAction.empty());
    }
    ndjson.finish();
    callback.succeeded();
  }

  /**
   * A version's metadata, with what the server says of the table.
   *
   * @param named the version to name, or null
   */
  static Metadata metadata(SharedTable table, TableSnapshot snapshot, Long named) {
    Optional<TableSnapshot.TableSize> size = snapshot.size();
    return snapshot
        .metadata()
        .served(
            named,
            size.map(TableSnapshot.TableSize::bytes).orElse(null),
            size.map(TableSnapshot.TableSize::files).orElse(null),
            table.access());
  }

  /** What the client said that it can read; a {@link ServerError} 400 when that is nothing. */
  static Capabilities capabilities(Request request) {
    try {
      return Capabilities.ofRequest(request.getHeaders().get(SharingHeaders.CAPABILITIES));
    } catch (IllegalArgumentException e) {
      throw ServerError.invalid(e.getMessage());
    }
  }

  /**
   * The format for a client and some versions of a table.
   *
   * @param features all that one of the versions uses
   * @throws ServerError 400 when the client cannot read the table
   */
  static ResponseFormat format(
      SharedTable table, Collection<String> features, Capabilities client) {
    try {
      return FormatNegotiation.choose(table.fullName(), features, client);
    } catch (NoCommonFormatException e) {
      throw ServerError.unsupported(e.getMessage());
    }
  }

  /** A version as a client can read it: without table features for one that knows none. */
  static TableSnapshot readable(TableSnapshot snapshot, Capabilities client) {
    return client.accepts(ResponseFormat.DELTA) ? snapshot : snapshot.plain().orElse(snapshot);
  }

  /** The same of changes. */
  static TableChanges readable(TableChanges changes, Capabilities client) {
    return client.accepts(ResponseFormat.DELTA) ? changes : changes.plain().orElse(changes);
  }

  /** Sets the headers that every response about a table has, and notes them for the log. */
  static void head(
      Request request,
      Response response,
      long version,
      Capabilities client,
      ResponseFormat format) {
    FileIdHeader.ofResponse(request)
        .ifPresent(scheme -> response.getHeaders().put(SharingHeaders.FILE_IDS, scheme));
    response.getHeaders().put(SharingHeaders.TABLE_VERSION, version);
    response.getHeaders().put(SharingHeaders.CAPABILITIES, client.toResponseHeader(format));
    RequestContext context = RequestContext.of(request);
    context.version(version);
    context.format(format.wireName());
  }

  private static OptionalLong version(Fields query) {
    try {
      return RequestField.VERSION
          .ofParameter(query.getValue(RequestField.VERSION.name()))
          .map(OptionalLong::of)
          .orElse(OptionalLong.empty());
    } catch (InvalidFieldException e) {
      throw ServerError.invalid(e.field() + " must be " + e.allowed());
    }
  }
}
