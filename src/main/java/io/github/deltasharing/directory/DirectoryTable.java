/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.directory;

import io.github.deltasharing.client.AsOf;
import io.github.deltasharing.client.ChangesRequest;
import io.github.deltasharing.client.ChangesResult;
import io.github.deltasharing.client.QueryRequest;
import io.github.deltasharing.client.QueryResult;
import io.github.deltasharing.client.TableMetadata;
import io.github.deltasharing.client.TableName;
import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.protocol.Capabilities;
import io.github.deltasharing.protocol.FileIdScheme;
import io.github.deltasharing.protocol.FilePacker;
import io.github.deltasharing.protocol.FormatNegotiation;
import io.github.deltasharing.protocol.FormatNegotiation.NoCommonFormatException;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.Protocol;
import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.protocol.TableAccess;
import io.github.deltasharing.source.SourceException;
import io.github.deltasharing.source.TableChanges;
import io.github.deltasharing.source.TableFile;
import io.github.deltasharing.source.TableFileIterator;
import io.github.deltasharing.source.TableSnapshot;
import io.github.deltasharing.source.TableSource;
import io.github.deltasharing.source.delta.DeltaSources;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One table that is read by its directory: what a sharing server responds, from the table's own
 * log. Driver only; thread-safe.
 */
final class DirectoryTable {
  private final TableName name;
  private final ObjectDirectory directory;
  private final TableAccess access;
  private final TableSource source;

  /**
   * @param access as the sharing server says it
   */
  DirectoryTable(
      TableName name, StoreLocation location, ObjectDirectory directory, TableAccess access) {
    this.name = name;
    this.directory = directory;
    this.access = access;
    // One for each table: what one directory's log says is never another table's.
    this.source = new DeltaSources(1, false).open(name.toString(), uri(location), directory);
  }

  private static URI uri(StoreLocation location) {
    try {
      String path = location.path().isEmpty() ? "" : "/" + location.path();
      return new URI(location.scheme(), location.authority(), path, null, null);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("it is no location in an object store", e);
    }
  }

  /** The number of the latest version. */
  long version() {
    return LogReading.of("version of " + name, () -> source.latest().version());
  }

  /** The earliest version at or after a time. */
  long version(Instant time) {
    return LogReading.of("version of " + name + " at " + time, () -> source.versionAtOrAfter(time));
  }

  TableMetadata metadata(
      AsOf asOf, List<ResponseFormat> formats, Collection<String> readerFeatures) {
    return LogReading.of(
        "metadata of " + name + asOf.suffix(),
        () -> described(snapshot(asOf), !asOf.isLatest(), formats, readerFeatures));
  }

  private TableSnapshot snapshot(AsOf asOf) {
    return asOf.version() != null
        ? source.atVersion(asOf.version())
        : asOf.timestamp() != null ? source.atTimestamp(asOf.timestamp()) : source.latest();
  }

  private TableMetadata described(
      TableSnapshot snapshot,
      boolean named,
      List<ResponseFormat> formats,
      Collection<String> readerFeatures) {
    Protocol protocol = snapshot.protocol();
    Metadata metadata = snapshot.metadata();
    ResponseFormat format =
        format(FormatNegotiation.readerFeatures(protocol, metadata), formats, readerFeatures);
    Optional<TableSnapshot.TableSize> size = snapshot.size();
    return new TableMetadata(
        snapshot.version(),
        format,
        protocol(protocol, format, null),
        metadata.served(
            named ? snapshot.version() : null,
            size.map(TableSnapshot.TableSize::bytes).orElse(null),
            size.map(TableSnapshot.TableSize::files).orElse(null),
            access));
  }

  /** As a response of that format says it. */
  private static Protocol protocol(Protocol protocol, ResponseFormat format, Long version) {
    return format == ResponseFormat.PARQUET
        ? new Protocol(protocol.minReaderVersion(), 0, Set.of())
        : protocol.ofVersion(version);
  }

  /** As a server chooses it: the same read gets the same types of columns either way. */
  private ResponseFormat format(
      Collection<String> features,
      List<ResponseFormat> formats,
      Collection<String> readerFeatures) {
    Set<String> honoured = new HashSet<>();
    readerFeatures.forEach(feature -> honoured.add(feature.toLowerCase(Locale.ROOT)));
    try {
      return FormatNegotiation.choose(
          name.toString(), features, new Capabilities(formats, honoured, true, false));
    } catch (NoCommonFormatException e) {
      throw SourceException.unsupported(e.getMessage());
    }
  }

  QueryResult query(QueryRequest request) {
    return LogReading.of(
        "query for " + name + request.asOf().suffix(),
        () -> {
          TableSnapshot snapshot =
              request.refreshToken() == null
                  ? snapshot(request.asOf())
                  : source.atVersion(RefreshToken.version(request.refreshToken()));
          boolean named = !request.asOf().isLatest();
          TableMetadata table =
              described(snapshot, named, request.formats(), request.readerFeatures());
          DirectoryFiles files =
              new DirectoryFiles(
                  directory.urls(),
                  FileIdScheme.of(request.fileIds()),
                  request.urlsOnly() ? FilePacker.ofUrls() : FilePacker.ofAll());
          List<AddFile> listed = list(snapshot, named, request, table.metadata(), files);
          return new QueryResult(
              table, listed, RefreshToken.of(snapshot.version()), files.firstExpiry(), 1);
        });
  }

  private static List<AddFile> list(
      TableSnapshot snapshot,
      boolean named,
      QueryRequest request,
      Metadata metadata,
      DirectoryFiles files)
      throws IOException {
    DirectoryHints hints = DirectoryHints.of(request, metadata);
    Long version = named ? snapshot.version() : null;
    Long timestamp = named ? snapshot.timestamp() : null;
    List<AddFile> listed = new ArrayList<>();
    try (TableFileIterator all = snapshot.files()) {
      while (!hints.isEnough() && all.hasNext()) {
        TableFile file = all.next();
        if (hints.mayMatch(file)) {
          listed.add(files.ofSnapshot(file, version, timestamp));
          hints.listed(file);
        }
      }
    }
    return listed;
  }

  ChangesResult changes(ChangesRequest request) {
    return LogReading.of(
        "query for changes of " + name + request.suffix(),
        () -> {
          CommitRange range = CommitRange.of(name.toString(), source, request);
          TableChanges changes = source.changes(range.versions());
          if (range.isFeed()) {
            range.requireFeed(changes);
          }
          TableSnapshot head = changes.head();
          Set<String> features = new TreeSet<>(changes.readerFeatures());
          features.addAll(FormatNegotiation.readerFeatures(head.protocol(), head.metadata()));
          ResponseFormat format = format(features, request.formats(), request.readerFeatures());
          DirectoryChanges listed =
              new DirectoryChanges(
                  new DirectoryFiles(directory.urls(), FileIdScheme.of(null), FilePacker.ofAll()),
                  format,
                  access);
          changes.visit(range.isFeed(), range.versions().start(), 0, listed);
          TableMetadata table =
              new TableMetadata(
                  range.versions().start(),
                  format,
                  protocol(head.protocol(), format, head.version()),
                  head.metadata().served(head.version(), null, null, access));
          return listed.result(table);
        });
  }
}
