/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.directory;

import io.github.deltasharing.client.AccessChoice;
import io.github.deltasharing.client.AsOf;
import io.github.deltasharing.client.ChangesRequest;
import io.github.deltasharing.client.ChangesResult;
import io.github.deltasharing.client.QueryRequest;
import io.github.deltasharing.client.QueryResult;
import io.github.deltasharing.client.Recipient;
import io.github.deltasharing.client.Schema;
import io.github.deltasharing.client.Share;
import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.Table;
import io.github.deltasharing.client.TableMetadata;
import io.github.deltasharing.client.TableName;
import io.github.deltasharing.error.DirectoryErrors;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.error.TransientSharingException;
import io.github.deltasharing.options.AccessMode;
import io.github.deltasharing.options.SharingOptions;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.protocol.TableAccess;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client that reads tables by their directories, where the option {@code accessMode} and the
 * server say so: what the server would respond about such a table is found in its log. All else is
 * the server's: listings, and tables by URLs, for which no request is added. Driver only;
 * thread-safe; keeps temporary credentials.
 */
public final class DirectoryClient implements SharingClient {
  private static final Logger LOG = LoggerFactory.getLogger(DirectoryClient.class);

  private final SharingClient rest;
  private final Directories directories;
  private final AccessMode mode;

  /**
   * How a table is read, once that is known: by its directory, or, where there is none, by URLs.
   */
  private final Map<TableName, Optional<DirectoryTable>> ways;

  private DirectoryClient(
      SharingClient rest,
      Directories directories,
      AccessMode mode,
      Map<TableName, Optional<DirectoryTable>> ways) {
    this.rest = rest;
    this.directories = directories;
    this.mode = mode;
    this.ways = ways;
  }

  /**
   * A client by the options of a read.
   *
   * @param rest of the sharing server
   * @param hadoop a property of Hadoop's configuration, which is read only; null for none
   */
  public static SharingClient of(
      SharingClient rest, SharingReadConf conf, UnaryOperator<String> hadoop) {
    return new DirectoryClient(
        rest,
        new Directories(rest, conf, hadoop),
        conf.get(SharingOptions.ACCESS_MODE),
        new ConcurrentHashMap<>());
  }

  /** Metadata says how the table is offered: where it is to be had by URLs, nothing is added. */
  @Override
  public TableMetadata metadata(
      TableName table, AsOf asOf, List<ResponseFormat> formats, Collection<String> readerFeatures) {
    Optional<DirectoryTable> way = ways.get(table);
    if (way == null && mode == AccessMode.DIR) {
      way = choose(table, TableAccess.UNSAID);
    }
    if (way != null && way.isPresent()) {
      return of(table, way, directory -> directory.metadata(asOf, formats, readerFeatures));
    }
    TableMetadata said = rest.metadata(table, asOf, formats, readerFeatures);
    if (way == null) {
      way = choose(table, said.metadata().access());
    }
    return way.isEmpty()
        ? said
        : of(table, way, directory -> directory.metadata(asOf, formats, readerFeatures));
  }

  /**
   * Reads a table's directory. Where that fails for good, the next request chooses anew how it is
   * read: the provider may have moved the table, or offer it in another way by now.
   */
  private <T> T of(
      TableName table, Optional<DirectoryTable> way, Function<DirectoryTable, T> reading) {
    try {
      return reading.apply(way.orElseThrow());
    } catch (TransientSharingException e) {
      throw e;
    } catch (SharingException e) {
      ways.remove(table, way);
      throw e;
    }
  }

  /** Chooses how a table is read. Two threads may choose at once, with the same result. */
  private Optional<DirectoryTable> choose(TableName table, TableAccess said) {
    Optional<DirectoryTable> way =
        AccessChoice.directory(rest, table, mode, said).flatMap(access -> open(table, access));
    Optional<DirectoryTable> first = ways.putIfAbsent(table, way);
    return first == null ? way : first;
  }

  private Optional<DirectoryTable> open(TableName table, TableAccess access) {
    try {
      return Optional.of(directories.open(table, access));
    } catch (UnsupportedDirectoryException e) {
      if (!access.offersUrls()) {
        throw DirectoryErrors.notByDirectory(
            table.toString(),
            e.getMessage() + ", and the sharing server offers nothing else",
            "Ask the provider to share it by URLs.");
      }
      LOG.warn("{} is read by URLs, not by its directory: {}", table, e.getMessage());
      return Optional.empty();
    }
  }

  /** The table's directory; empty where it is read by URLs. */
  private Optional<DirectoryTable> directory(
      TableName table, List<ResponseFormat> formats, Collection<String> readerFeatures) {
    Optional<DirectoryTable> way = ways.get(table);
    if (way != null) {
      return way;
    }
    return choose(
        table,
        mode == AccessMode.DIR
            ? TableAccess.UNSAID
            : rest.metadata(table, AsOf.latest(), formats, readerFeatures).metadata().access());
  }

  /**
   * The same for requests that say nothing of formats: undecided is by URLs, or as the option says.
   */
  private Optional<DirectoryTable> known(TableName table) {
    Optional<DirectoryTable> way = ways.get(table);
    if (way == null && mode == AccessMode.DIR) {
      return choose(table, TableAccess.UNSAID);
    }
    return way == null ? Optional.empty() : way;
  }

  @Override
  public QueryResult query(TableName table, QueryRequest request) {
    Optional<DirectoryTable> directory =
        directory(table, request.formats(), request.readerFeatures());
    return directory.isPresent()
        ? of(table, directory, way -> way.query(request))
        : rest.query(table, request);
  }

  @Override
  public ChangesResult changes(TableName table, ChangesRequest request) {
    Optional<DirectoryTable> directory =
        directory(table, request.formats(), request.readerFeatures());
    return directory.isPresent()
        ? of(table, directory, way -> way.changes(request))
        : rest.changes(table, request);
  }

  @Override
  public long version(TableName table) {
    Optional<DirectoryTable> directory = known(table);
    return directory.isPresent()
        ? of(table, directory, DirectoryTable::version)
        : rest.version(table);
  }

  @Override
  public long version(TableName table, String startingTimestamp) {
    Optional<DirectoryTable> directory = known(table);
    if (directory.isEmpty()) {
      return rest.version(table, startingTimestamp);
    }
    try {
      Instant time = OffsetDateTime.parse(startingTimestamp).toInstant();
      return of(table, directory, way -> way.version(time));
    } catch (DateTimeException e) {
      throw DirectoryErrors.refusedByLog(
          "version of " + table + " at " + startingTimestamp,
          "startingTimestamp must be a time as 2022-01-01T00:00:00Z",
          400,
          "INVALID_PARAMETER_VALUE",
          e);
    }
  }

  @Override
  public SharingClient forStreaming() {
    return new DirectoryClient(rest.forStreaming(), directories, mode, ways);
  }

  @Override
  public Recipient recipient() {
    return rest.recipient();
  }

  @Override
  public List<Share> listShares() {
    return rest.listShares();
  }

  @Override
  public Share share(String name) {
    return rest.share(name);
  }

  @Override
  public List<Schema> listSchemas(String share) {
    return rest.listSchemas(share);
  }

  @Override
  public List<Table> listTables(String share, String schema) {
    return rest.listTables(share, schema);
  }

  @Override
  public List<Table> listAllTables(String share) {
    return rest.listAllTables(share);
  }

  @Override
  public String toString() {
    return "DirectoryClient[" + rest + "]";
  }
}
