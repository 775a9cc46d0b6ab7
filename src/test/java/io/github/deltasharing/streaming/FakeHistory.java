/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.streaming;

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
import io.github.deltasharing.error.SharingServerException;
import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.protocol.ChangeFile;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.Protocol;
import io.github.deltasharing.protocol.ResponseFormat;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * A server's answers about one table, made up: version {@code v} adds {@code v % 4} files, in the
 * one dialect under other ids than in the other, and in another order at each answer. Remembers
 * what it was asked, and which answers somebody still holds.
 */
final class FakeHistory implements SharingClient {
  static final TableName NAME = new TableName("s", "s", "t");
  static final String SCHEMA = schema("a");

  final List<String> asked = new ArrayList<>();
  final List<WeakReference<AddFile>> answered = new ArrayList<>();
  private final Random random = new Random(1);
  long latest;
  long earliest;

  /** The version that was committed at the time asked for. */
  long firstAtTime;

  boolean historyShared = true;
  boolean timesInSnapshots = true;
  boolean timesInPages = true;
  String id = "id";
  Long urlsDieAt;
  Long removesIn;
  List<Protocol> protocols = List.of();
  List<Metadata> metadata = List.of();

  FakeHistory(long latest) {
    this.latest = latest;
  }

  static String schema(String... columns) {
    List<String> fields = new ArrayList<>();
    for (String column : columns) {
      fields.add(
          "{\"name\":\"%s\",\"type\":\"long\",\"nullable\":true,\"metadata\":{}}"
              .formatted(column));
    }
    return "{\"type\":\"struct\",\"fields\":[" + String.join(",", fields) + "]}";
  }

  static Metadata metadata(String id, String schema, Long version) {
    return new Metadata(
        id, null, null, "parquet", schema, List.of(), Map.of(), version, null, null, List.of());
  }

  TableMetadata table(long version, ResponseFormat format) {
    return new TableMetadata(
        version, format, new Protocol(1, 0, Set.of()), metadata(id, SCHEMA, null));
  }

  /** Files that a version added: their number is {@code version % 4}. */
  private AddFile file(long version, long number, ResponseFormat format) {
    String name = format == ResponseFormat.DELTA ? "d" + (9 - number) : "p" + number;
    AddFile file =
        new AddFile(
            "http://localhost/" + version + "/" + number,
            version + "-" + name,
            10,
            Map.of("row", version + "-" + number),
            null,
            version,
            1000 * version,
            urlsDieAt,
            null);
    answered.add(new WeakReference<>(file));
    return file;
  }

  private List<AddFile> files(long version, ResponseFormat format) {
    return LongStream.range(0, version % 4).mapToObj(n -> file(version, n, format)).toList();
  }

  @Override
  public Recipient recipient() {
    throw new UnsupportedOperationException();
  }

  @Override
  public long version(TableName table) {
    asked.add("version");
    return latest;
  }

  @Override
  public long version(TableName table, String startingTimestamp) {
    asked.add("version at " + startingTimestamp);
    if (latest < firstAtTime) {
      throw new SharingServerException("The time is after the latest version.", 400, "", "");
    }
    return Math.max(3, firstAtTime);
  }

  @Override
  public TableMetadata metadata(
      TableName table, AsOf asOf, List<ResponseFormat> formats, Collection<String> features) {
    asked.add("metadata");
    return table(latest, last(formats));
  }

  @Override
  public QueryResult query(TableName table, QueryRequest request) {
    asked.add(
        "snapshot" + request.asOf().suffix() + (request.maxFiles() == null ? "" : " in pages"));
    if (!request.asOf().isLatest() && !historyShared) {
      throw refusal();
    }
    long version = request.asOf().isLatest() ? latest : request.asOf().version();
    ResponseFormat format = last(request.formats());
    List<AddFile> files = new ArrayList<>();
    LongStream.rangeClosed(0, version).forEach(v -> files.addAll(files(v, format)));
    if (request.maxFiles() == null ? !timesInSnapshots : !timesInPages) {
      files.replaceAll(FakeHistory::withoutTime);
    } else if (!timesInSnapshots) {
      files.replaceAll(file -> at(version, 1000 * version, file));
    }
    Collections.shuffle(files, random);
    return new QueryResult(table(version, format), files, null, null, 1);
  }

  @Override
  public ChangesResult changes(TableName table, ChangesRequest request) {
    long first = request.start().version();
    long last = request.end().version();
    asked.add(first + " to " + last);
    if (first < earliest || last > latest || !historyShared) {
      throw refusal();
    }
    ResponseFormat format = last(request.formats());
    List<ChangeFile> files = new ArrayList<>();
    for (long version = first; version <= last; version++) {
      boolean removes = removesIn != null && removesIn == version;
      files(version, format).forEach(f -> files.add(new ChangeFile(ChangeFile.Kind.ADD, f, true)));
      if (removes) {
        files.add(StreamFixture.removed("old", version));
      }
    }
    Collections.shuffle(files, random);
    return new ChangesResult(
        table(first, format),
        protocols.stream().filter(p -> p.version() >= first && p.version() <= last).toList(),
        metadata.stream().filter(m -> m.version() >= first && m.version() <= last).toList(),
        files,
        null,
        1);
  }

  private static AddFile withoutTime(AddFile file) {
    return at(null, null, file);
  }

  private static AddFile at(Long version, Long time, AddFile file) {
    return new AddFile(
        file.url(),
        file.id(),
        file.size(),
        file.partitionValues(),
        null,
        version,
        time,
        file.expirationTimestamp(),
        null);
  }

  private static SharingServerException refusal() {
    return new SharingServerException("it is not there", 400, "INVALID_PARAMETER_VALUE", "");
  }

  private static ResponseFormat last(List<ResponseFormat> formats) {
    return formats.get(formats.size() - 1);
  }

  /** How many of the files that were ever answered are still held. */
  long held() {
    System.gc();
    return answered.stream().filter(file -> file.get() != null).count();
  }

  @Override
  public List<Share> listShares() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Share share(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Schema> listSchemas(String share) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Table> listTables(String share, String schema) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Table> listAllTables(String share) {
    throw new UnsupportedOperationException();
  }
}
