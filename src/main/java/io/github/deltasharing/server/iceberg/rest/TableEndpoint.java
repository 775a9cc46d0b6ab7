/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.auth.Principal;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.http.RequestContext;
import io.github.deltasharing.server.iceberg.CatalogTables;
import io.github.deltasharing.server.iceberg.MetadataFile;
import io.github.deltasharing.server.iceberg.ReferencedFiles;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.storage.RequestSigner;
import io.github.deltasharing.server.storage.SignedRequest;
import io.github.deltasharing.source.SourceException;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.jetty.util.Fields;

/** Serves the metadata of tables, and access to their files. Safe for use by several threads. */
final class TableEndpoint {
  /** What is not read, but looked up and signed. */
  private static final long NO_BYTES = 0;

  private final CatalogTables tables;
  private final TableAccessConfig access;
  private final RequestSigner signer;
  private final StateTokens states;

  TableEndpoint(
      CatalogTables tables, TableAccessConfig access, RequestSigner signer, StateTokens states) {
    this.tables = tables;
    this.access = access;
    this.signer = signer;
    this.states = states;
  }

  /** The memory that a request takes, roughly. */
  long bytes(SharedTable table, Principal principal, Optional<SignBody> wanted, String state) {
    boolean known =
        wanted.isPresent()
            && states
                .open(principal, table, state)
                .flatMap(file -> tables.keptReferences(table, file))
                .filter(files -> isKnown(table, files, wanted.get()))
                .isPresent();
    return known ? NO_BYTES : tables.readingBytes(table);
  }

  private boolean isKnown(SharedTable table, ReferencedFiles files, SignBody wanted) {
    return signer
        .target(tables.placed(table), wanted.uri())
        .filter(target -> files.isKnown(target.path()))
        .isPresent();
  }

  /** Refuses a table that cannot be loaded, whatever it is instead, as one that is not there. */
  void requireTable(SharedTable table) {
    try {
      signer.place(tables.placed(table));
      tables.newest(table);
    } catch (SourceException e) {
      throw ServerError.notFound(e.getMessage());
    }
  }

  ObjectNode load(SharedTable table, RequestContext context, Fields query, String delegation) {
    String snapshots = Optional.ofNullable(query.getValue("snapshots")).orElse("all");
    if (!snapshots.equals("all") && !snapshots.equals("refs")) {
      throw ServerError.invalid("snapshots must be all or refs");
    }
    signer.place(tables.placed(table));
    MetadataFile metadata = tables.newest(table);
    context.version(metadata.version());
    context.format("iceberg");
    tables.keep(table, metadata);
    TableAccessConfig.Access given = access.of(metadata, context.principal(), delegation);
    note(given, context);
    ObjectNode response = JsonNodeFactory.instance.objectNode();
    response.put("metadata-location", metadata.location());
    response.set("metadata", metadata.served(snapshots.equals("refs")));
    response.set("config", TableAccessConfig.json(given.config()));
    TableAccessConfig.write(metadata, given, response);
    return response;
  }

  ObjectNode credentials(SharedTable table, RequestContext context) {
    MetadataFile metadata = tables.newest(table);
    context.version(metadata.version());
    TableAccessConfig.Access given = access.credential(metadata, context.principal());
    note(given, context);
    ObjectNode response = JsonNodeFactory.instance.objectNode();
    TableAccessConfig.write(metadata, given, response);
    return response;
  }

  private static void note(TableAccessConfig.Access given, RequestContext context) {
    given
        .credential()
        .ifPresent(
            credential ->
                context.granted(
                    credential.location(), Instant.ofEpochMilli(credential.expirationTime())));
  }

  /**
   * Signs a request for one file of a table.
   *
   * @param state which state of the table the client reads; of none, or an old one, it is the
   *     newest
   */
  ObjectNode sign(SharedTable table, RequestContext context, SignBody wanted, String state) {
    if (!table.access().offersUrls()) {
      throw ServerError.forbidden(
          "Cannot sign requests for %s: it is offered by its directory only. Ask for vended-credentials"
              .formatted(table.fullName()));
    }
    SharedTable placed = tables.placed(table);
    RequestSigner.Target target =
        signer.target(placed, wanted.uri()).orElseThrow(() -> notOfTable(table));
    String path = target.path();
    Optional<String> loaded = states.open(context.principal(), table, state);
    ReferencedFiles files =
        loaded
            .map(file -> tables.references(table, file))
            .orElseGet(() -> tables.keep(table, tables.newest(table)));
    if (!(wanted.isHead() ? files.containsOrIs(path) : files.contains(path))) {
      throw notOfTable(table);
    }
    context.file(path);
    SignedRequest signed = signer.sign(placed, wanted.method(), target, wanted.headers());
    ObjectNode response = JsonNodeFactory.instance.objectNode();
    response.put("uri", signed.uri());
    ObjectNode headers = response.putObject("headers");
    signed.headers().forEach((name, values) -> values.forEach(headers.putArray(name)::add));
    return response;
  }

  private static ServerError notOfTable(SharedTable table) {
    return ServerError.forbidden(
        "Cannot sign this request: it is not for a file that the shared metadata of %s names"
            .formatted(table.fullName()));
  }
}
